using Shared.Contracts.Models;

namespace Relay.Server.Tests.Cards;

/// <summary>What cards record of a training run.</summary>
internal static class TestRecords
{
    /// <param name="text">In each member that is text.</param>
    public static TrainingRecord Training(string text) => new()
    {
        Producer = text,
        EngineVersion = text,
        OnnxRuntime = text,
        Platform = text,
        Seed = 7,
    };

    /// <param name="text">The name of the figure.</param>
    public static TuningSummary Tuning(string text) => new()
    {
        Candidates = 12,
        Folds = 3,
        Figure = text,
        OwnLoss = 0.5,
        Loss = 0.25,
        Parameters = new ModelParameters(),
    };
}
