using System.Text.Json.Nodes;
using Relay.Server.Keys;
using Relay.Server.Signing;
using Relay.Server.Signing.Evidence;
using Shared.Contracts.Releases;

namespace Relay.TestKit.Trust;

/// <summary>Signed test results as a relay writes them, and as a thief of one key could.</summary>
public static class TestResults
{
    public const string PredicateType = "https://in-toto.io/attestation/test-result/v0.1";

    /// <param name="keys">Whose model signer signs.</param>
    /// <param name="passed">The gates that it lists as passed.</param>
    /// <param name="failed">The gates that it lists as failed.</param>
    /// <param name="subject">What it says it is about; null for the model.</param>
    public static EvidenceFile Sign(
        SigningKeys keys, string model, int version, string sha256, string[] passed, string[]? failed = null, string? subject = null,
        string predicateType = PredicateType)
    {
        JsonObject predicate = new() { ["result"] = "PASSED", ["passedTests"] = Names(passed), ["failedTests"] = Names(failed ?? []) };
        using ModelSigningKey key = ModelSigningKey.FromKeyFolder(keys);
        JsonObject envelope = new DsseSigner(key).Sign(
            InTotoStatement.Create(subject ?? TargetPaths.Model(model, version), sha256, predicateType, predicate));
        return new EvidenceFile(TargetPaths.TestResult(model, version), EvidenceJson.Write(envelope));
    }

    private static JsonArray Names(string[] names) => new([.. names.Select(name => JsonValue.Create(name))]);
}
