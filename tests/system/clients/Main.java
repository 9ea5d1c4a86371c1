// What the Java client of OpenAPI Generator does; the compiler checks it against the generated classes.

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import office.ApiClient;
import office.api.DefaultApi;
import office.model.BatchState;
import office.model.Submission;

/** Posts a letter, lists filings, fetches the PDF, hands in the signed copy and runs a batch. */
public class Main {
    private static void sound(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }

    /** Sends the bytes of a file. The generated client would send its path as JSON. */
    private static class FileBody extends StdSerializer<File> {
        FileBody() {
            super(File.class);
        }

        @Override
        public void serialize(File file, JsonGenerator generator, SerializerProvider provider) throws IOException {
            Files.copy(file.toPath(), (OutputStream) generator.getOutputTarget());
        }
    }

    public static void main(String[] arguments) throws Exception {
        String address = arguments[0];
        String key = arguments[1];
        Path letter = Path.of(arguments[2]);
        String signer = arguments[3];
        Path folder = Path.of(arguments[4]);
        ApiClient client = new ApiClient();
        client.updateBaseUri(address);
        client.setObjectMapper(client.getObjectMapper().registerModule(new SimpleModule().addSerializer(new FileBody())));
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + key));
        DefaultApi api = new DefaultApi(client);

        Submission submission = client.getObjectMapper().readValue(letter.toFile(), Submission.class);
        var posted = api.postFilingWithHttpInfo(submission, null, null);
        sound(posted.getStatusCode() == 201, "posting was answered with " + posted.getStatusCode());
        List<String> location = posted.getHeaders().get("location");
        String id = location.get(0).substring(location.get(0).lastIndexOf('/') + 1);
        var found = api.searchFilings(null, null, 2023, null, null, null, null, null, null, null);
        sound(found.getFilings().stream().anyMatch(filing -> filing.getId().equals(id)), "not listed");
        File pdf = api.getFilingPdf(id, null, null, null, null);
        sound(new String(Files.readAllBytes(pdf.toPath()), 0, 5).equals("%PDF-"), "no PDF");
        File signed = folder.resolve("signed.pdf").toFile();
        new ProcessBuilder(signer, pdf.getPath(), signed.getPath()).inheritIO().start().waitFor();
        var record = api.putSignedCopy(id, signed, null);
        sound(record.getSigned() != null, "the signed copy is not archived");
        String batch = api.postBatch(letter.toFile(), null, null).getId();
        while (api.getBatch(batch).getState() != BatchState.DONE) {
            Thread.sleep(200);
        }
    }
}
