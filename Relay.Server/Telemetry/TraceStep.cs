using System.Globalization;

namespace Relay.Server.Telemetry;

/// <summary>A step of the way from a training run to the nodes, which the next step follows in its trace.</summary>
internal readonly record struct TraceStep
{
    private TraceStep(string model, long number, Kind kind) => (Model, Number, Step) = (model, number, kind);

    private enum Kind
    {
        Run,
        Version,
        Release,
    }

    private string Model { get; }

    private long Number { get; }

    private Kind Step { get; }

    /// <summary>Its name in the database.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Step}/{Number}/{Model}");

    public static TraceStep Run(long id) => new("", id, Kind.Run);

    public static TraceStep Version(string model, int version) => new(model, version, Kind.Version);

    public static TraceStep Release(int number) => new("", number, Kind.Release);
}
