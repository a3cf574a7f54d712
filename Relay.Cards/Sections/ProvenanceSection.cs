using System.Globalization;
using System.Security.Cryptography;
using Relay.Cards.Documents;
using Relay.Cards.Texts;
using Shared.Contracts.Api;
using Shared.Contracts.Models;
using Shared.Contracts.Releases;

namespace Relay.Cards.Sections;

/// <summary>Names the data, the program and the people that made the version.</summary>
internal static class ProvenanceSection
{
    public static CardSection Create(ModelCard card, CardOrigin? origin)
    {
        List<CardBlock> blocks = [new CardBlock.Table("Origin", ["What", "Value"], [.. Rows(card, origin)]) { AreNumbers = false }];
        if (origin is { Steps.Count: > 0 })
        {
            blocks.Add(new CardBlock.Table(
                "Who did what", ["When", "Step", "API key", "Release or publication"],
                [.. origin.Steps.Select(s => new[] { Time(s.At), s.Kind, s.Key ?? CardText.None, s.Subject })])
            { AreNumbers = false });
        }

        blocks.Add(new CardBlock.Table(
            "Signed files of a published version", ["File", "It states"],
            [
                [TargetPaths.Model(card.Name, card.Version), "the model"],
                [TargetPaths.SignatureOf(TargetPaths.Model(card.Name, card.Version)), "who made it: a detached CMS signature"],
                [TargetPaths.ModelSignature(card.Name, card.Version), "the same, as an OpenSSF model signature"],
                [TargetPaths.Provenance(card.Name, card.Version), "from what: SLSA provenance"],
                [TargetPaths.TestResult(card.Name, card.Version), "how good: metrics and gates, as an in-toto test result"],
            ])
        { AreNumbers = false });
        return new CardSection("provenance", "Provenance", blocks);
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(ModelCard card, CardOrigin? origin)
    {
        yield return ["SHA-256 of the model", card.Sha256];
        yield return ["SHA-256 of its schema", card.SchemaHash];
        yield return ["SHA-256 of the specification", Convert.ToHexStringLower(SHA256.HashData(SpecDigestText.Write(card.Spec)))];
        yield return ["SHA-256 of the held-out data", card.Test.Sha256];
        if (card.Import is { } import)
        {
            yield return ["imported file", CardText.Name(import.File)];
            yield return ["SHA-256 of the imported file", import.Sha256];
            yield return [
                "signed by its giver", import.Signer is { } signer
                    ? $"{CardText.Name(signer.Subject ?? "a key")}, SHA-256 of the key {signer.KeySha256}"
                    : "no"];
            yield return ["rows on which it answers as its source", CardText.Count(import.TreeRows + import.ThresholdRows + import.GivenRows)];
            yield return ["largest difference from its source", CardText.Figure(import.MaxAbsDiff)];
        }
        else
        {
            yield return ["SHA-256 of the training data", card.Train.Sha256];
            yield return ["engine", card.Spec.Engine];
            yield return ["seed", (card.Spec.Parameters.Seed ?? ModelParameters.DefaultSeed).ToString(CultureInfo.InvariantCulture)];
        }

        if (card.Training is { } training)
        {
            yield return ["trained by", CardText.Name(training.Producer)];
            yield return ["version of the engine", CardText.Name(training.EngineVersion)];
            yield return ["version of ONNX Runtime", CardText.Name(training.OnnxRuntime)];
            yield return ["platform", CardText.Name(training.Platform)];
        }

        if (card.Tuning is { } tuning)
        {
            yield return [
                "search for parameters",
                $"{CardText.Count(tuning.Candidates)} candidates, each on {CardText.Count(tuning.Folds)} parts of the training rows: "
                    + $"{CardText.Name(tuning.Figure)} {CardText.Figure(tuning.Loss)}, "
                    + $"with the parameters of the spec {CardText.Figure(tuning.OwnLoss)}",
            ];
        }

        yield return ["producer in the file", "relay"];
        if (origin is not null)
        {
            yield return [card.Import is null ? "training run" : "import run", origin.TrainingRun.ToString(CultureInfo.InvariantCulture)];
            yield return ["made at", Time(origin.CreatedAt)];
            yield return ["SHA-256 of the CMS signature", origin.SignatureSha256];
        }
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
