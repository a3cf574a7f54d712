using System.Text.RegularExpressions;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Json;
using Shared.Contracts.Reports;

namespace Relay.Server.Fleet;

/// <summary>Validates a report before it is stored: it comes from the open network, and admins see it.</summary>
internal static partial class CheckInValidator
{
    private const string CountRule = "0 to 9007199254740992";

    [GeneratedRegex(@"^[0-9a-f]{64}\z")]
    private static partial Regex Sha256();

    /// <summary>Errors by JSON path; empty for a valid report.</summary>
    /// <param name="signature">What proves the report; null for one that is not signed.</param>
    public static Dictionary<string, string> Validate(string routeId, CheckIn report, CheckInSignature? signature = null)
    {
        Dictionary<string, string> errors = [];
        Expect(IsCount(report.Sequence), "$.sequence", CountRule);
        if (signature is not null)
        {
            // The text is kept as it was signed, and read again by what takes no byte order mark.
            Expect(signature.Body is not ['\uFEFF', ..], "$", "UTF-8 without a byte order mark");
            Expect(report.Sequence > 0, "$.sequence", "1 or more: a node that signs numbers its check-ins");
        }

        Expect(RelayName.IsValidNode(report.Node), "$.node", RelayName.NodeRule);
        Expect(report.Node == routeId, "$.node", "the node id of the path");
        Expect(RelayName.IsValid(report.Channel), "$.channel", RelayName.Rule);
        Expect(report.Release >= 0, "$.release", "a release number, 0 before the first");
        Expect(report.Models.Count <= CheckInBounds.Items, "$.models", $"at most {CheckInBounds.Items} items");
        Expect(report.Refusals.Count <= CheckInBounds.Items, "$.refusals", $"at most {CheckInBounds.Items} items");
        Expect(report.Quarantine.Count <= CheckInBounds.Items, "$.quarantine", $"at most {CheckInBounds.Items} items");
        Expect(
            report.Steering is null or { Length: <= CheckInBounds.SubjectLength }, "$.steering", $"at most {CheckInBounds.SubjectLength} characters");
        Expect(report.Shadow is null or { Count: <= CheckInBounds.Items }, "$.shadow", $"at most {CheckInBounds.Items} items");
        Expect(report.Waiting is null or { Release: > 0 }, "$.waiting.release", "a release number, 1 or more");
        Expect(
            report.Metadata is null
                || (report.Metadata.Timestamp > 0 && IsCount(report.Metadata.Timestamp) && Sha256().IsMatch(report.Metadata.Sha256)),
            "$.metadata", "a timestamp version of 1 or more, and 64 lower-case hexadecimal digits");
        Expect(report.Library is null or { Length: <= CheckInBounds.WordLength }, "$.library", $"at most {CheckInBounds.WordLength} characters");
        Expect(report.Cut is null or { Count: <= CheckInBounds.Items }, "$.cut", $"at most {CheckInBounds.Items} items");
        Expect(report.Windows is null or { Count: <= UsageBounds.Items }, "$.windows", $"at most {UsageBounds.Items} items");
        if (errors.Count > 0)
        {
            return errors;
        }

        for (int i = 0; i < report.Models.Count; i++)
        {
            ActiveModel model = report.Models[i];
            ExpectVersion($"$.models[{i}]", model.Name, model.Version, model.Sha256);
            Expect(CheckInBounds.IsWord(model.Scorer), $"$.models[{i}].scorer", "the scorer's name, 1 to 64 letters, digits and hyphens");
            Expect(IsCount(model.Predictions), $"$.models[{i}].predictions", CountRule);
            Expect(IsCount(model.Failures), $"$.models[{i}].failures", CountRule);
            Expect(IsCount(model.CallerFaults), $"$.models[{i}].callerFaults", CountRule);
            Expect(model.SchemaHash is null || Sha256().IsMatch(model.SchemaHash), $"$.models[{i}].schemaHash", "64 lower-case hexadecimal digits");
            Expect(
                model.SchemaSource is null || CheckInBounds.IsWord(model.SchemaSource), $"$.models[{i}].schemaSource",
                "a name of 1 to 64 letters, digits and hyphens");
        }

        for (int i = 0; i < report.Refusals.Count; i++)
        {
            RefusalReport refusal = report.Refusals[i];
            Expect(CheckInBounds.IsWord(refusal.Reason), $"$.refusals[{i}].reason", "the reason's name, 1 to 64 letters, digits and hyphens");
            Expect(
                refusal.Subject.Length <= CheckInBounds.SubjectLength, $"$.refusals[{i}].subject",
                $"at most {CheckInBounds.SubjectLength} characters");
            Expect(
                refusal.Detail.Length <= CheckInBounds.DetailLength, $"$.refusals[{i}].detail", $"at most {CheckInBounds.DetailLength} characters");
        }

        for (int i = 0; i < report.Quarantine.Count; i++)
        {
            QuarantinedArtifact artifact = report.Quarantine[i];
            ExpectVersion($"$.quarantine[{i}]", artifact.Model, artifact.Version, artifact.Sha256);
            Expect(CheckInBounds.IsWord(artifact.Reason), $"$.quarantine[{i}].reason", "the reason's name, 1 to 64 letters, digits and hyphens");
        }

        for (int i = 0; i < (report.Shadow?.Count ?? 0); i++)
        {
            ShadowReport shadow = report.Shadow![i];
            Expect(RelayName.IsValid(shadow.Model), $"$.shadow[{i}].model", RelayName.Rule);
            Expect(shadow is { Active: > 0, Candidate: > 0 }, $"$.shadow[{i}]", "versions of 1 or more");
            Expect(IsCount(shadow.Calls) && shadow.Calls >= shadow.Disagreements && shadow.Disagreements >= 0, $"$.shadow[{i}].calls",
                "no fewer than disagreements");
        }

        for (int i = 0; i < (report.Cut?.Count ?? 0); i++)
        {
            Expect(
                report.Cut![i] is { Length: <= CheckInBounds.DetailLength }, $"$.cut[{i}]", $"at most {CheckInBounds.DetailLength} characters");
        }

        for (int i = 0; i < (report.Windows?.Count ?? 0); i++)
        {
            foreach ((string path, string expected) in UsageRules.FindErrors(report.Windows![i]))
            {
                Expect(false, $"$.windows[{i}]{path}", expected);
            }
        }

        return errors;

        void ExpectVersion(string path, string name, int version, string sha256)
        {
            Expect(RelayName.IsValid(name), $"{path} model name", RelayName.Rule);
            Expect(version > 0, $"{path}.version", "1 or more");
            Expect(Sha256().IsMatch(sha256), $"{path}.sha256", "64 lower-case hexadecimal digits");
        }

        void Expect(bool holds, string path, string expected)
        {
            if (!holds)
            {
                errors.TryAdd(path, $"Expected {expected}.");
            }
        }
    }

    private static bool IsCount(long number) => number is >= 0 and <= CheckInBounds.Count;
}
