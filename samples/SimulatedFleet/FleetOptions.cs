namespace SimulatedFleet;

/// <summary>What a <see cref="Fleet"/> is made of.</summary>
internal sealed record FleetOptions
{
    public required Uri Relay { get; init; }

    /// <summary>The PEM file of the only authority that the nodes trust for TLS.</summary>
    public required string TlsRoot { get; init; }

    /// <summary>The file <c>root.json</c> of the relay: the root of trust of all nodes.</summary>
    public required string TrustedRoot { get; init; }

    /// <summary>Each node enrolls once with it.</summary>
    public required string EnrollmentToken { get; init; }

    public required string Channel { get; init; }

    public required int Nodes { get; init; }

    /// <summary>The names of the nodes are this, a hyphen and a number from 1.</summary>
    public string NamePrefix { get; init; } = "node";

    /// <summary>Nodes that share an HTTP/2 connection: whole nodes have one each. A connection carries 100 requests at a time, of which an event
    /// stream is one.</summary>
    public int NodesPerConnection { get; init; } = 25;

    /// <summary>The time between two check-ins of a node, besides the one after each activation; null: none but those.</summary>
    public TimeSpan? ReportInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What a node has done with the release that it runs since its last check-in: null for nothing yet.</summary>
    public Func<LightNode, RunningModel, UsageFigures?> Behavior { get; init; } = static (_, _) => null;
}
