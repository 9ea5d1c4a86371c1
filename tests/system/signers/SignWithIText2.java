import com.lowagie.text.pdf.PdfDate;
import com.lowagie.text.pdf.PdfDictionary;
import com.lowagie.text.pdf.PdfName;
import com.lowagie.text.pdf.PdfReader;
import com.lowagie.text.pdf.PdfSignature;
import com.lowagie.text.pdf.PdfSignatureAppearance;
import com.lowagie.text.pdf.PdfStamper;
import com.lowagie.text.pdf.PdfString;
import java.io.FileOutputStream;
import java.util.Arrays;
import java.util.Calendar;
import java.util.HashMap;

/** Signs a PDF with iText 2.1.7, on which OpenPDF is based: IN OUT PKCS12 PASSWORD. */
final class SignWithIText2 {
    private static final int SPACE = 8192;

    public static void main(String[] arguments) throws Exception {
        Signatures signatures = new Signatures(arguments[2], arguments[3]);
        PdfReader reader = new PdfReader(arguments[0]);
        FileOutputStream signed = new FileOutputStream(arguments[1]);
        PdfStamper stamper = PdfStamper.createSignature(reader, signed, '\0', null, true);
        PdfSignatureAppearance appearance = stamper.getSignatureAppearance();
        PdfSignature signature = new PdfSignature(PdfName.ADOBE_PPKLITE, new PdfName("adbe.pkcs7.detached"));
        signature.setDate(new PdfDate(Calendar.getInstance()));
        appearance.setCryptoDictionary(signature);
        HashMap<PdfName, Integer> space = new HashMap<>();
        space.put(PdfName.CONTENTS, 2 * SPACE + 2);
        appearance.preClose(space);
        byte[] container = Arrays.copyOf(signatures.sign(appearance.getRangeStream()), SPACE);
        PdfDictionary contents = new PdfDictionary();
        contents.put(PdfName.CONTENTS, new PdfString(container).setHexWriting(true));
        appearance.close(contents);
    }
}
