using Relay.Training.Budgets;
using Relay.Training.Data.Features;
using Shared.Contracts.Models;
using static Relay.Training.Tests.TaskRows;

namespace Relay.Training.Tests.Budgets;

public sealed class ShapeVariantsTests
{
    private static readonly FeatureEncoding[] Encodings = [.. Enumerable.Range(0, 6).Select(i => new FeatureEncoding($"c{i}", null))];
    private static readonly double[] Importance = [0.005, 0.6, 0.0005, 0.3, 0.0945, 0];

    [Theory]
    [InlineData(ModelAlgorithm.RandomForest)]
    [InlineData(ModelAlgorithm.GradientBoosting)]
    public void Groups_WhatTheSpecGives_IsTheMostThatIsTried(ModelAlgorithm algorithm)
    {
        ModelParameters given = new() { Trees = 9, Depth = 4, FeatureFraction = 0.7, LearningRate = 0.2, Seed = 7, MinSamplesLeaf = 3 };

        ModelParameters[] shapes = Shapes(algorithm, given);

        Assert.True(shapes.Length > 2);
        Assert.All(shapes, s => Assert.Equal((9, 0.7, 0.2, 7UL, 3), (s.Trees, s.FeatureFraction, s.LearningRate, s.Seed, s.MinSamplesLeaf)));
        Assert.All(shapes, s => Assert.InRange(s.Depth!.Value, 2, 4));
    }

    [Fact]
    public void Groups_Columns_AreTheMostImportantInTheOrderOfTheSchema()
    {
        string[] lists =
            [.. Shapes(ModelAlgorithm.RandomForest, new()).Where(s => s.Features is not null).Select(s => string.Join(' ', s.Features!))];

        Assert.Equal(["c0 c1 c3 c4", "c1 c3 c4", "c1 c3"], lists.Distinct());
    }

    [Fact]
    public void Groups_ColumnsThatTheSpecGives_NoOthersAreTried()
    {
        ModelParameters[] shapes = Shapes(ModelAlgorithm.RandomForest, new() { Features = ["c0", "c3"] });

        Assert.DoesNotContain(shapes, s => s.Features!.Except(["c0", "c3"]).Any());
    }

    [Fact]
    public void Groups_Isolation_DrawsFewerRows() => Assert.Equal(
        [16, 32, 64, 128],
        new ShapeVariants(Anomaly(labelled: true, null), Encodings, null).Groups
            .SelectMany(group => group(new ModelParameters())).Select(s => s.SamplesPerTree!.Value));

    [Fact]
    public void Ladders_RiseToTheMost()
    {
        Assert.Equal([1], SizeLadder.Trees(1));
        Assert.Equal([1, 2, 3], SizeLadder.Trees(3));
        Assert.Equal((1, 100), (SizeLadder.Trees(100)[0], SizeLadder.Trees(100)[^1]));
        Assert.Equal(SizeLadder.Trees(10_000).Distinct().Order(), SizeLadder.Trees(10_000));
        Assert.Empty(SizeLadder.Leaves(2, 2));
        Assert.InRange(SizeLadder.Leaves(65_536, 1000).Length, 1, 16);
    }

    private static ModelParameters[] Shapes(ModelAlgorithm algorithm, ModelParameters given)
    {
        ShapeVariants variants = new(Classes(algorithm, null) with { Parameters = given }, Encodings, Importance);
        return [.. variants.Groups.SelectMany(group => group(given))];
    }
}
