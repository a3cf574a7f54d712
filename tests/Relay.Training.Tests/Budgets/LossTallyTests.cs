using Relay.Training.Budgets;
using Relay.Training.Engines.Common;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Budgets;

/// <summary>What the models of a search lose, counted by several threads.</summary>
public sealed class LossTallyTests
{
    private const int Members = 3;

    [Theory]
    [InlineData(ModelTask.Classification)]
    [InlineData(ModelTask.Regression)]
    [InlineData(ModelTask.AnomalyDetection)]
    public void Measure_BlocksInAnyOrder_SameBitsAndTheFullModelLosesNothing(ModelTask task)
    {
        Random random = new(4);
        TrainingSet set = new([], [.. Enumerable.Range(0, 9000).Select(_ => random.Next(task is ModelTask.AnomalyDetection ? 2 : 7))], 7)
        {
            Targets = [.. Enumerable.Range(0, 9000).Select(_ => (float)random.NextDouble())],
        };
        float[] answers = [.. Enumerable.Range(0, 9000 * Members).Select(_ => task is ModelTask.Regression ? random.NextSingle() : random.Next(7))];
        float[] full = [.. Enumerable.Range(0, 9000).Select(row => answers[(row * Members) + Members - 1])];
        int[][] blocks = [.. Enumerable.Range(0, 9000).Chunk(1000)];

        LossTally first = Count(blocks);
        LossTally second = Count([.. blocks.Reverse()]);

        Assert.All(Enumerable.Range(0, Members), member => Assert.Equal(first.Measure(member), second.Measure(member)));
        Assert.NotEqual(0, first.Measure(0).Points);
        Assert.Equal((0d, new GateInterval(0, 0)), (first.Measure(Members - 1).Points, first.Measure(Members - 1).Interval));

        LossTally Count(int[][] parts)
        {
            LossTally tally = LossTally.Create(task, set, full, Members);
            foreach (int[] rows in parts)
            {
                tally.Add(rows, answers.AsSpan(rows[0] * Members, rows.Length * Members));
            }

            return tally;
        }
    }
}
