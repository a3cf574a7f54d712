using Relay.Training.Data.Features;

namespace Relay.Training.Tests.Data.Features;

public sealed class TargetGroupsTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 3)]
    [InlineData(16, 16)]
    [InlineData(17, 12)]
    [InlineData(100, 15)]
    [InlineData(1000, 18)]
    public void Create_AnyNumberOfClasses_TellsAllApartByFewGroups(int classes, int groups)
    {
        int[][] ofClasses = TargetGroups.Create([.. Enumerable.Range(0, classes).Select(c => (long)(c * 37 % classes))]);

        Assert.Equal(Enumerable.Range(0, groups), ofClasses.SelectMany(g => g).Distinct().Order());
        Assert.Equal(classes, ofClasses.Select(g => string.Join(',', g)).Distinct().Count());
    }

    [Fact]
    public void Create_ManyClasses_TheMostFrequentHaveAGroupEach()
    {
        int[][] ofClasses = TargetGroups.Create([.. Enumerable.Range(0, 40).Select(c => (long)c)]);

        Assert.Equal(Enumerable.Range(0, 8).Select(g => (int[])[g]), ofClasses.Reverse().Take(8));
        Assert.All(ofClasses[..32], groups => Assert.All(groups, group => Assert.InRange(group, 8, 13)));
    }
}
