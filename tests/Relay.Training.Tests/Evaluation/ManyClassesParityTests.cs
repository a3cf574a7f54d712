using Relay.Training.Evaluation;
using Relay.Training.Export;
using Relay.Training.Trees;

namespace Relay.Training.Tests.Evaluation;

public sealed class ManyClassesParityTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(150)]
    [InlineData(1_000)]
    public void Normalize_ProbabilitiesOfManyClasses_AreTheExactOnes(int classes)
    {
        Random random = new(classes);
        for (int trial = 0; trial < 50; trial++)
        {
            // One class is as probable as all others together, so that the rounding of their sum shows in it.
            float[] scores = [MathF.Log(classes), .. Enumerable.Range(1, classes - 1).Select(_ => (random.NextSingle() - 0.5f) * (trial % 5))];
            float[] probabilities = new float[classes];
            Softmax.Apply(scores, probabilities);
            double sum = scores.Sum(s => Math.Exp((double)s - scores.Max()));
            Predictions exact = new(classes, [.. scores.Select(s => (float)(Math.Exp((double)s - scores.Max()) / sum))], [0]);

            Predictions reference = new Predictions(classes, probabilities, [0]).Normalize();

            Assert.InRange(ParityCheck.Compare(reference, exact with { Labels = [0] }).MaxAbsDiff, 0, 2e-7);
        }
    }

    [Fact]
    public void Normalize_WhatDoesNotSumToOne_StaysAsItIs()
    {
        Predictions own = new(2, [0.25f, 0.25f, 0, 0, float.NaN, 1], [0, 0, 0]);

        Assert.Equal(own.Values, own.Normalize().Values);
    }
}
