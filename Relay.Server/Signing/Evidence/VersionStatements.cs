using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shared.Contracts.Json;
using Shared.Contracts.Models;
using Shared.Contracts.Releases;

namespace Relay.Server.Signing.Evidence;

/// <summary>
/// The public statements about a version, which contain nothing private: digests and numbers, no file, column or class names. Data and spec
/// are named by their SHA-256, so that a holder can compare them.
/// </summary>
internal static class VersionStatements
{
    private const string ProvenanceType = "https://slsa.dev/provenance/v1";
    private const string TestResultType = "https://in-toto.io/attestation/test-result/v0.1";

    /// <summary>One training run: the external parameters below, over the data among the resolved dependencies.</summary>
    private const string BuildType = "urn:relay:build:training-run:v1";

    /// <summary>One import: the file of another framework, among the resolved dependencies, converted and proved.</summary>
    private const string ImportBuildType = "urn:relay:build:import:v1";

    private const string Builder = "urn:relay:builder:relay-server";

    private static readonly string CodeVersion = typeof(VersionStatements).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>SLSA provenance, version 1: the inputs and the builder of the file.</summary>
    /// <param name="made">When the training run ended.</param>
    public static JsonObject Provenance(ModelCard card, long trainingRun, DateTimeOffset made) => CreateStatement(card, ProvenanceType, new JsonObject
    {
        ["buildDefinition"] = new JsonObject
        {
            ["buildType"] = card.Import is null ? BuildType : ImportBuildType,
            ["externalParameters"] = Parameters(card),
            ["resolvedDependencies"] = new JsonArray(
                Descriptor("specification", SpecificationDigest(card.Spec)),
                card.Import is null ? Descriptor("training-data", card.Train.Sha256) : Descriptor("imported-model", card.Import.Sha256),
                Descriptor("held-out-data", card.Test.Sha256)),
        },
        ["runDetails"] = new JsonObject
        {
            ["builder"] = new JsonObject { ["id"] = Builder, ["version"] = new JsonObject { ["relay"] = CodeVersion } },
            ["metadata"] = new JsonObject
            {
                ["invocationId"] = string.Create(CultureInfo.InvariantCulture, $"training-run-{trainingRun}"),
                ["finishedOn"] = made.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            },
        },
    });

    private static JsonObject Parameters(ModelCard card)
    {
        JsonObject parameters = new() { ["model"] = card.Name, ["version"] = card.Version };
        if (card.Import is { } import)
        {
            parameters["format"] = import.Format;
            parameters["giverKey"] = import.Signer is null ? null : EvidenceJson.Sha256(import.Signer.KeySha256);
        }
        else
        {
            parameters["engine"] = card.Spec.Engine;
            parameters["seed"] = card.Spec.Parameters.Seed ?? ModelParameters.DefaultSeed;
        }

        parameters["specification"] = EvidenceJson.Sha256(SpecificationDigest(card.Spec));
        return parameters;
    }

    /// <summary>An in-toto test result: the gates of the version, their figures and bounds. A gate
    /// that a person accepted stays a failed test.</summary>
    public static JsonObject TestResult(ModelCard card)
    {
        IReadOnlyList<GateResult> gates = card.Gates ?? [];
        bool isAccepted = gates.Any(g => g.Verdict is GateVerdict.Fail);
        bool isWarned = gates.Any(g => g.Verdict is GateVerdict.Warn);
        JsonObject predicate = new()
        {
            ["result"] = isAccepted ? "FAILED" : isWarned ? "WARNED" : "PASSED",

            // The first two are the names of earlier versions; a run that fails one of them adds no version.
            ["passedTests"] = Names(
                [card.Import is null ? "graph-agrees-with-trainer" : "file-agrees-with-imported-model", "golden-vectors",
                    .. NamesOf(gates, GateVerdict.Pass)]),
            ["warnedTests"] = Names(NamesOf(gates, GateVerdict.Warn)),
            ["failedTests"] = Names(NamesOf(gates, GateVerdict.Fail)),
            ["configuration"] = new JsonArray(
                Descriptor("specification", SpecificationDigest(card.Spec)),
                Descriptor("held-out-data", card.Test.Sha256, Measured(card))),
        };
        if (card.Gates is not null)
        {
            predicate["gates"] = new JsonArray([.. gates.Select(Describe)]);
        }

        return CreateStatement(card, TestResultType, predicate);
    }

    private static IEnumerable<string> NamesOf(IReadOnlyList<GateResult> gates, GateVerdict verdict) =>
        gates.Where(g => g.Verdict == verdict).Select(g => g.Name);

    private static JsonArray Names(IEnumerable<string> names) =>
        new([.. names.Distinct(StringComparer.Ordinal).Select(name => JsonValue.Create(name))]);

    // Without the detail, which names classes and columns. The reason is what a person wrote for all to read.
    private static JsonObject Describe(GateResult gate)
    {
        JsonObject described = new() { ["name"] = gate.Name, ["result"] = VerdictOf(gate) };
        Add("figure", gate.Figure);
        Add("bound", gate.Bound);
        Add("low", gate.Interval?.Low);
        Add("high", gate.Interval?.High);
        if (gate.Accepted is { } reason)
        {
            described["accepted"] = reason;
        }

        return described;

        void Add(string name, double? value)
        {
            if (value is { } number)
            {
                described[name] = number;
            }
        }
    }

    private static string VerdictOf(GateResult gate) => gate.Verdict switch
    {
        GateVerdict.Pass => "pass",
        GateVerdict.Warn => "warn",
        GateVerdict.Fail => "fail",
        _ => "not-applicable",
    };

    private static JsonObject Measured(ModelCard card)
    {
        JsonObject measured = new() { ["rows"] = card.Metrics.Rows };
        foreach (MetricValue figure in card.Metrics.Figures)
        {
            measured[figure.Name] = figure.Value;
        }

        if (card.Import is { } import)
        {
            measured["importThresholds"] = import.Thresholds;
            measured["importRows"] = import.TreeRows + import.ThresholdRows + import.GivenRows;
            measured["importMaxAbsDiff"] = import.MaxAbsDiff;
        }

        measured["graphMaxAbsDiff"] = card.Parity.MaxAbsDiff;
        measured["graphLabelDisagreements"] = card.Parity.LabelDisagreements;
        return measured;
    }

    private static JsonObject CreateStatement(ModelCard card, string type, JsonObject predicate) =>
        InTotoStatement.Create(TargetPaths.Model(card.Name, card.Version), card.Sha256, type, predicate);

    private static JsonObject Descriptor(string name, string sha256, JsonObject? annotations = null)
    {
        JsonObject descriptor = new() { ["name"] = name, ["digest"] = EvidenceJson.Sha256(sha256) };
        if (annotations is not null)
        {
            descriptor["annotations"] = annotations;
        }

        return descriptor;
    }

    /// <summary>Of the spec's JSON as the relay's API gives it, without white space and without members that are null, but with the oldest
    /// names of parameters.</summary>
    private static string SpecificationDigest(ModelSpec spec) =>
        Convert.ToHexStringLower(SHA256.HashData(SpecDigestText.Write(spec)));
}
