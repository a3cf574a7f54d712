using System.Text;
using Relay.Training.Data.Csv;

namespace Relay.Training.Tests.Data.Csv;

public sealed class TimeTextTests
{
    [Theory]
    [InlineData("20250102", "2025-01-02T00:00:00Z")]
    [InlineData(" 20250102 ", "2025-01-02T00:00:00Z")]
    [InlineData("20250102.0", "2025-01-02T00:00:00Z")]
    [InlineData("2.0250102e7", "2025-01-02T00:00:00Z")]
    [InlineData("202501021345", "2025-01-02T13:45:00Z")]
    [InlineData("20250102134506", "2025-01-02T13:45:06Z")]
    [InlineData("20250102T134506Z", "2025-01-02T13:45:06Z")]
    [InlineData("20250102T1345", "2025-01-02T13:45:00Z")]
    [InlineData("20250102T134506+02:00", "2025-01-02T11:45:06Z")]
    [InlineData("2025-01-02", "2025-01-02T00:00:00Z")]
    [InlineData("2025-01-02 13:45:06.5", "2025-01-02T13:45:06.5Z")]
    [InlineData("1735825506", "2025-01-02T13:45:06Z")]
    [InlineData("1735825506.5", "2025-01-02T13:45:06.5Z")]
    public void TryParse_OneTimeInEveryForm_IsThatTime(string text, string expected)
    {
        Assert.True(TimeText.TryParse(Encoding.UTF8.GetBytes(text), out double seconds));
        Assert.Equal(DateTimeOffset.Parse(expected, null), DateTimeOffset.UnixEpoch.AddSeconds(seconds));
    }

    [Theory]
    [InlineData("20251301")]
    [InlineData("20250230")]
    [InlineData("31122024")]
    [InlineData("12312024")]
    [InlineData("01022025")]
    [InlineData("20250102.5")]
    [InlineData("202501022560")]
    [InlineData("1735825506123")]
    [InlineData("2025-01-02\0")]
    [InlineData("5\0")]
    [InlineData("01/02/2025")]
    [InlineData("")]
    public void TryParse_NoTimeOrOneThatReadsTwoWays_IsRefused(string text) =>
        Assert.False(TimeText.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void FindShortDates_WholeColumnsOfYearsMonthsOrDays_AreFound()
    {
        Assert.NotNull(TimeText.FindShortDates([2023, 2024, 2025]));
        Assert.NotNull(TimeText.FindShortDates([202311, 202312, 202401]));
        Assert.NotNull(TimeText.FindShortDates([250130, 250131, 250201]));
        Assert.Null(TimeText.FindShortDates([0, 3600, 7200]));
        Assert.Null(TimeText.FindShortDates([2023, 2024, 1735825506]));
        Assert.Null(TimeText.FindShortDates([250130, 250131, 250132]));
        Assert.Null(TimeText.FindShortDates([]));
    }
}
