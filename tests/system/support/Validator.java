import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Prints for each file whether it conforms to one flavour of PDF/A or PDF/UA. */
final class Validator {
    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 2) {
            throw new IllegalArgumentException("usage: Validator FLAVOUR FILE...");
        }
        VeraGreenfieldFoundryProvider.initialise();
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(arguments[0]);
        if (flavour == PDFAFlavour.NO_FLAVOUR) {
            throw new IllegalArgumentException("unknown flavour: " + arguments[0]);
        }
        boolean pass = true;
        for (String file : List.of(arguments).subList(1, arguments.length)) {
            pass &= passes(Path.of(file), flavour);
        }
        System.exit(pass ? 0 : 1);
    }

    private static boolean passes(Path file, PDFAFlavour flavour) throws Exception {
        PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false);
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file.toFile(), flavour)) {
            ValidationResult result = validator.validate(parser);
            String verdict = result.isCompliant() ? "conforms to" : "violates";
            System.out.printf("%s %s (%d checks)%n", file, verdict + " " + flavour, result.getTotalAssertions());
            result.getTestAssertions().stream()
                .filter(assertion -> assertion.getStatus() == TestAssertion.Status.FAILED)
                .collect(Collectors.groupingBy(Validator::rule, Collectors.counting()))
                .forEach((rule, count) -> System.out.printf("  %d times: %s%n", count, rule));
            return result.isCompliant();
        }
    }

    private static String rule(TestAssertion assertion) {
        return assertion.getRuleId().getClause() + ", " + assertion.getMessage();
    }
}
