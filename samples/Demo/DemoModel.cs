using System.Text.Json;
using Relay.Training.Data.Reading;
using Relay.Training.Specs;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Demo;

/// <summary>The model that the demonstration trains, and its data.</summary>
/// <param name="DatasetsFolder">The folder that the relay may read training files from; null for simulated traffic.</param>
internal sealed record DemoModel(ModelSpec Spec, TrainingDataSource Data, string? DatasetsFolder)
{
    private const int SimulatedRequests = 24_000;

    public bool IsSimulated => Data.Simulator is not null;

    /// <summary>The spec with half the trees: a quick first version.</summary>
    public ModelSpec QuickSpec => Spec with { Parameters = Spec.Parameters with { Trees = Math.Max(1, (Spec.Parameters.Trees ?? 100) / 2) } };

    /// <summary>Simulated HTTP traffic for null, else what the path holds (see <see cref="KnownDataSets"/>).</summary>
    public static DemoModel Open(string? path, CancellationToken cancellationToken)
    {
        if (path is null)
        {
            string spec = Path.Combine(AppContext.BaseDirectory, "models", "threat-classifier.json");
            return new(ModelSpecParser.Parse(File.ReadAllBytes(spec)), Simulated(seed: 1), null);
        }

        DataSource source = KnownDataSets.Recognize(path, cancellationToken);
        if (source.Spec.Task is not ModelTask.Classification)
        {
            throw new DemoException($"the demonstration's site needs a classifier; {source.Spec.Name} is for {source.Spec.Task}");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(source.TrainPath))!;
        return new(
            source.Spec,
            new() { Train = Path.GetFileName(source.TrainPath), Test = source.TestPath is { } test ? Path.GetFileName(test) : null },
            folder);
    }

    /// <summary>The same data, or the traffic of another week.</summary>
    public TrainingDataSource DataOfRun(int run) => IsSimulated ? Simulated(run) : Data;

    public byte[] ToJson(ModelSpec spec) => JsonSerializer.SerializeToUtf8Bytes(spec, ModelJson.Default.ModelSpec);

    private static TrainingDataSource Simulated(int seed) => new() { Simulator = new SimulatorSource(seed, SimulatedRequests) };
}
