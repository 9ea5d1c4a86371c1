import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** The key of a PKCS#12 file, and signatures that Bouncy Castle makes with it in CMS. */
final class Signatures {
    final PrivateKey key;
    final Certificate[] chain;

    Signatures(String file, String password) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream bytes = Files.newInputStream(Path.of(file))) {
            store.load(bytes, password.toCharArray());
        }
        String name = store.aliases().nextElement();
        key = (PrivateKey) store.getKey(name, password.toCharArray());
        chain = store.getCertificateChain(name);
    }

    /** A detached signature, in BER as Bouncy Castle writes it. */
    byte[] sign(InputStream content) throws IOException {
        try {
            ContentSigner signer = new JcaContentSignerBuilder("SHA256withRSA").build(key);
            CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
            generator.addSignerInfoGenerator(
                new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
                    .build(signer, (X509Certificate) chain[0]));
            generator.addCertificates(new JcaCertStore(List.of(chain)));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            content.transferTo(bytes);
            return generator.generate(new CMSProcessableByteArray(bytes.toByteArray()), false).getEncoded();
        } catch (Exception failure) {
            throw new IOException(failure);
        }
    }
}
