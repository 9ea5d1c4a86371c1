import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Calendar;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;

/** Signs a PDF with PDFBox: IN OUT PKCS12 PASSWORD. */
final class SignWithPdfBox {
    public static void main(String[] arguments) throws Exception {
        Signatures signatures = new Signatures(arguments[2], arguments[3]);
        try (PDDocument document = PDDocument.load(Path.of(arguments[0]).toFile());
                OutputStream signed = new FileOutputStream(arguments[1])) {
            PDSignature signature = new PDSignature();
            signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
            signature.setSubFilter(PDSignature.SUBFILTER_ADBE_PKCS7_DETACHED);
            signature.setName("Office");
            signature.setSignDate(Calendar.getInstance());
            document.addSignature(signature, signatures::sign);
            document.saveIncremental(signed);
        }
    }
}
