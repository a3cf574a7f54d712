using Shared.Contracts.Api;
using Shared.Contracts.Http;
using Shared.Contracts.Models;

namespace Relay.Server.Training;

/// <summary>Checks where rows are to come from before a run is taken, so that a slip shows at once and not from the queue.</summary>
internal static class TrainingDataRules
{
    public const int MinimumRequests = 1_000;
    public const int MaximumRequests = 5_000_000;

    /// <summary>What is wrong, by JSON path; empty when nothing is.</summary>
    public static Dictionary<string, string> Check(TrainingDataSource data, ModelSpec spec, DatasetFolder datasets)
    {
        Dictionary<string, string> faults = [];
        if (data.Simulator is { } simulator)
        {
            Expect(data.Train is null && data.Test is null, "$.data", "either files or a simulator");
            Expect(
                simulator.Requests is >= MinimumRequests and <= MaximumRequests,
                "$.data.simulator.requests", $"{MinimumRequests} to {MaximumRequests}");
            Expect(
                spec.Features.All(f => f.Type is ColumnType.Number && HttpFeatureSchema.Names.Contains(f.Name)),
                "$.data.simulator", "a model whose feature columns are all HTTP features");
            Expect(spec.Task is not ModelTask.Regression, "$.data.simulator", "files: the simulator labels requests with classes, not numbers");
            return faults;
        }

        Expect(data.Train is not null, "$.data.train", "the path of a file in the relay's folder of datasets, or 'simulator'");
        Expect(data.Train is null || datasets.Find(data.Train) is not null, "$.data.train", "a file in the relay's folder of datasets");
        Expect(data.Test is null || datasets.Find(data.Test) is not null, "$.data.test", "a file in the relay's folder of datasets");
        return faults;

        void Expect(bool holds, string path, string expected)
        {
            if (!holds)
            {
                faults.TryAdd(path, $"Expected {expected}.");
            }
        }
    }
}
