import com.itextpdf.text.Rectangle;
import com.itextpdf.text.pdf.PdfReader;
import com.itextpdf.text.pdf.PdfSignatureAppearance;
import com.itextpdf.text.pdf.PdfStamper;
import com.itextpdf.text.pdf.security.BouncyCastleDigest;
import com.itextpdf.text.pdf.security.MakeSignature;
import com.itextpdf.text.pdf.security.PrivateKeySignature;
import java.io.FileOutputStream;

/** Signs a PDF with iText 5: IN OUT PKCS12 PASSWORD CMS|CADES [visible]. */
final class SignWithIText5 {
    public static void main(String[] arguments) throws Exception {
        Signatures signatures = new Signatures(arguments[2], arguments[3]);
        PdfReader reader = new PdfReader(arguments[0]);
        FileOutputStream signed = new FileOutputStream(arguments[1]);
        PdfStamper stamper = PdfStamper.createSignature(reader, signed, '\0', null, true);
        PdfSignatureAppearance appearance = stamper.getSignatureAppearance();
        if (arguments.length > 5) {
            appearance.setVisibleSignature(new Rectangle(300, 200, 420, 260), 1, "Office");
        }
        MakeSignature.signDetached(
            appearance, new BouncyCastleDigest(), new PrivateKeySignature(signatures.key, "SHA-256", "BC"),
            signatures.chain, null, null, null, 0, MakeSignature.CryptoStandard.valueOf(arguments[4]));
    }
}
