using Relay.Server.Datasets;
using Relay.Server.Datasets.Selection;
using Relay.Training.Simulation;
using Shared.Contracts.Api;
using Shared.Contracts.Http;
using Shared.Contracts.Models;

namespace Relay.Server.Training;

/// <summary>Validates the data source of a run before the run is queued, so that the caller sees an error at once.</summary>
internal static class TrainingDataValidator
{
    public const int MinimumRequests = SimulatedData.MinRequests;
    public const int MaximumRequests = 5_000_000;

    /// <summary>Errors by JSON path; empty for a valid source.</summary>
    public static Dictionary<string, string> Validate(TrainingDataSource data, ModelSpec spec, DatasetFolder datasets, DatasetStore? samples = null)
    {
        Dictionary<string, string> errors = [];
        if (data.Simulator is { } simulator)
        {
            Expect(data.Train is null && data.Test is null && data.Dataset is null, "$.data", "either files, a dataset or a simulator");
            Expect(
                simulator.Requests is >= MinimumRequests and <= MaximumRequests,
                "$.data.simulator.requests", $"{MinimumRequests} to {MaximumRequests}");
            Expect(
                spec.Features.All(f => f.Type is ColumnType.Number && HttpFeatureSchema.Names.Contains(f.Name)),
                "$.data.simulator", "a model whose feature columns are all HTTP features");
            Expect(spec.Task is not ModelTask.Regression, "$.data.simulator", "files: the simulator labels requests with classes, not numbers");
            return errors;
        }

        if (data.Dataset is { } rows)
        {
            Dataset? dataset = samples?.Find(rows.Name);
            Expect(data.Train is null, "$.data", "either a training file or a dataset");
            Expect(dataset is not null, "$.data.dataset.name", $"a dataset of the relay; GET {Routes.Datasets} lists them");
            Expect(rows.Position is null or > 0, "$.data.dataset.position", "a number above 0");
            Expect(data.Test is null || datasets.Find(data.Test) is not null, "$.data.test", "a file in the relay's datasets folder");
            if (dataset is not null && TrainingColumns.FindMissing(spec, dataset.Spec) is { } missing)
            {
                Expect(false, "$.data.dataset", missing);
            }

            return errors;
        }

        Expect(data.Train is not null, "$.data.train", "the path of a file in the relay's datasets folder, or 'dataset' or 'simulator'");
        Expect(data.Train is null || datasets.Find(data.Train) is not null, "$.data.train", "a file in the relay's datasets folder");
        Expect(data.Test is null || datasets.Find(data.Test) is not null, "$.data.test", "a file in the relay's datasets folder");
        return errors;

        void Expect(bool holds, string path, string expected)
        {
            if (!holds)
            {
                errors.TryAdd(path, $"Expected {expected}.");
            }
        }
    }
}
