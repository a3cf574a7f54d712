using Relay.AdminClient.Transport;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.AdminClient.Operations;

/// <summary>A model file of another framework, and how it is checked.</summary>
public sealed record ImportQuery
{
    /// <summary>The name of the file, without folders.</summary>
    public required string File { get; init; }

    /// <summary>The file of held-out rows among those of the relay.</summary>
    public required string Test { get; init; }

    /// <summary>The output of the graph that holds the answer; null where there is no choice.</summary>
    public string? Output { get; init; }

    /// <summary>The gates that the model may fail, each with a reason.</summary>
    public IReadOnlyList<GateAcceptance> Accept { get; init; } = [];

    /// <summary>The OpenSSF model signature of the file in base64; null where it has none.</summary>
    public string? ModelSignature { get; init; }

    /// <summary>What that signature is verified by, as PEM in base64.</summary>
    public string? Giver { get; init; }

    internal IEnumerable<(string Name, string? Value)> Headers => [(Routes.ModelSignatureHeader, ModelSignature), (Routes.GiverHeader, Giver)];

    internal string ToPath(string path) => new QueryText().Add("file", File).Add("test", Test).Add("output", Output)
        .Add("accept", [.. Accept.Select(accepted => accepted.Gate)]).Add("reason", [.. Accept.Select(accepted => accepted.Reason)]).ToPath(path);
}
