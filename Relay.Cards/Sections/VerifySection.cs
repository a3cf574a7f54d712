using Relay.Cards.Documents;
using Shared.Contracts.Models;
using Shared.Contracts.Releases;

namespace Relay.Cards.Sections;

/// <summary>How a reader checks what the card says.</summary>
internal static class VerifySection
{
    public static CardSection Create(ModelCard card)
    {
        string folder = TargetPaths.Model(card.Name, card.Version)[..^"/model.onnx".Length];
        return new CardSection("verify", "How to verify",
        [
            new CardBlock.Paragraph(
                "A published version lies in the repository of the relay and of each mirror. In the folder of a mirror ('relay mirror'), OpenSSL " +
                    "3 checks bytes and signature; "
                + "anchors.pem must be the one that the operators of the relay gave you:"),
            new CardBlock.Commands(
                $"""
                cp repository/targets/{folder}/{card.Sha256}.model.onnx model.onnx
                for file in repository/targets/{folder}/*.model.onnx.p7s; do cp "$file" model.onnx.p7s; done
                for file in repository/targets/trust/*.anchors.pem; do cp "$file" anchors.pem; done
                test "$(openssl dgst -sha256 -r model.onnx | cut -c 1-64)" = {card.Sha256}
                openssl cms -verify -binary -inform DER -in model.onnx.p7s -content model.onnx -CAfile anchors.pem -out /dev/null
                """),
            new CardBlock.Paragraph("Relay says step by step whether a node would trust the file, with the root.json that nodes pin:"),
            new CardBlock.Commands("relay explain model.onnx --repository repository --root root.json"),
            .. Reproduce(card),
            new CardBlock.Paragraph(
                "The guide 'Check a model with your own tools' (docs/guides/verify.md) has the commands for metadata, provenance and test " +
                    "results. All figures of this card are of the held-out "
                + "rows and of the training rows, which the digests above name: who has the rows computes them again."),
        ]);
    }

    private static CardBlock[] Reproduce(ModelCard card) => card.Training is not { } training ? [] :
    [
        new CardBlock.Paragraph("Who has the rows trains the version again, to the same bytes:"),
        new CardBlock.Commands(
            $"relay reproduce {card.Name} {card.Version}{(training.Simulator is null ? $" --train FILE{HeldOut(training)}" : "")}"),
    ];

    private static string HeldOut(TrainingRecord training) => training.HeldOutShare is null ? " --test FILE" : "";
}
