namespace Demo;

/// <summary>A <see cref="MisjudgingVersion"/> that was added to the relay.</summary>
/// <param name="Label">What it answers to every row.</param>
/// <param name="Share">The share of the rows that get this label of the version that it is a copy of.</param>
internal sealed record AddedMisjudgment(int Version, string Label, double Share, FleetTraffic Traffic)
{
    /// <summary>Makes the bytes from those of a version in good order.</summary>
    public static (byte[] Artifact, AddedMisjudgment Added) Create(DemoModel model, int like, byte[] artifact, int number)
    {
        FleetTraffic traffic = FleetTraffic.Create(model, artifact);
        (string label, double share) = traffic.FindRarestLabel(like, artifact);
        return (MisjudgingVersion.Create(artifact, number, label), new AddedMisjudgment(number, label, share, traffic));
    }
}
