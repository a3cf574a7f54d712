using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Fleet;

internal static class Reports
{
    public static readonly string Sha256 = new('a', 64);

    public static CheckIn Valid(string node) => new()
    {
        Node = node,
        Channel = "stable",
        Release = 1,
        Stale = false,
        At = new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero),
        Models = [new ActiveModel("small", 1, Sha256, "onnxruntime", 100, 1)],
        Refusals = [new RefusalReport(nameof(RefusalReason.ArtifactHashMismatch), "models/small/2/model.onnx", "one byte differs", default)],
        Quarantine = [new QuarantinedArtifact("small", 3, Sha256, nameof(RefusalReason.GoldenVectorMismatch))],
    };
}
