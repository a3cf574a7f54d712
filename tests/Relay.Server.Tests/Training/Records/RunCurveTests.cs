using Relay.Server.Training.Records;
using Relay.Training;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Training.Records;

public sealed class RunCurveTests
{
    private readonly RunCurve _curve = new(RunCurve.Empty);

    [Fact]
    public void Read_AfterAFewRounds_HasEachOfThem()
    {
        Add(3, from: 1);

        TrainingCurve curve = _curve.Read();

        Assert.Equal([new(1, 1, 1), new(2, 0.5, 2), new(3, 1.0 / 3, 3)], curve.Points);
        Assert.Equal((10_000, null), (curve.Total, curve.Kept));
    }

    [Theory]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(10_000)]
    [InlineData(1_000_000)]
    public void Read_AfterManyRounds_HasAFewHundredAtEvenDistancesAndTheLastOne(int rounds)
    {
        Add(rounds, from: 1);

        IReadOnlyList<TrainingCurvePoint> points = _curve.Read().Points;

        Assert.InRange(points.Count, 256, TrainingCurve.MaxPoints);
        Assert.Equal((1, rounds), (points[0].Iteration, points[^1].Iteration));
        Assert.Single(points.Zip(points.Skip(1)).SkipLast(1).Select(pair => pair.Second.Iteration - pair.First.Iteration).Distinct());
    }

    /// <summary>A run that another process took up goes on from its checkpoint, which is behind the curve.</summary>
    [Fact]
    public void Read_AfterAResume_IsOneCurveOfBothAttempts()
    {
        Add(1_000, from: 1);
        RunCurve resumed = new(_curve.Read());

        for (int round = 900; round <= 1_500; round++)
        {
            resumed.Add(Fit(round), TimeSpan.FromSeconds(round - 899));
        }

        IReadOnlyList<TrainingCurvePoint> points = resumed.Read().Points;
        Assert.Equal((1, 1_500), (points[0].Iteration, points[^1].Iteration));
        Assert.Equal(points.OrderBy(point => point.Iteration), points);
        Assert.Equal(points.OrderBy(point => point.Seconds), points);
        Assert.Equal(1_601, points[^1].Seconds);
        Assert.InRange(points.Count, 256, TrainingCurve.MaxPoints);
    }

    [Fact]
    public void Read_AfterAnotherFit_HasTheLastOneAlone()
    {
        Add(50, from: 1);
        _curve.Add(new TrainingProgress("keep", 40, 50), TimeSpan.Zero);
        Assert.Equal(40, _curve.Read().Kept);

        Add(5, from: 1);

        Assert.Equal((5, null), (_curve.Read().Points.Count, _curve.Read().Kept));
    }

    [Fact]
    public void Read_TreesOfSeveralThreads_AreInOrder()
    {
        foreach (int tree in (int[])[2, 1, 3, 5, 4, 6])
        {
            _curve.Add(new TrainingProgress("fit", tree, 6), TimeSpan.FromSeconds(1));
        }

        Assert.Equal([1, 3, 5, 6], _curve.Read().Points.Select(point => point.Iteration));
        Assert.All(_curve.Read().Points, point => Assert.Null(point.ValidationLoss));
    }

    [Fact]
    public void Read_LossThatIsNoNumber_HasNone()
    {
        _curve.Add(Fit(1) with { ValidationLoss = double.NaN }, TimeSpan.Zero);

        Assert.Null(Assert.Single(_curve.Read().Points).ValidationLoss);
    }

    [Fact]
    public void Add_OtherStages_ChangeNothing()
    {
        Assert.False(_curve.Add(new TrainingProgress("read", 100, null), TimeSpan.Zero));
        Assert.False(_curve.Add(new TrainingProgress("tune", 1, 8) { ValidationLoss = 1 }, TimeSpan.Zero));

        Assert.Empty(_curve.Read().Points);
    }

    private static TrainingProgress Fit(int round) => new("fit", round, 10_000) { ValidationLoss = 1.0 / round };

    private void Add(int rounds, int from)
    {
        for (int round = from; round < from + rounds; round++)
        {
            _curve.Add(Fit(round), TimeSpan.FromSeconds(round));
        }
    }
}
