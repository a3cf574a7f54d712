using System.Globalization;
using System.Text;
using Relay.Server.Storage;
using Relay.TestKit;

namespace Relay.Server.Tests.Storage;

public sealed class SigningClockTests
{
    private static readonly DateTimeOffset Newest = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, true)]
    [InlineData(-0.1, true)]
    [InlineData(-1, false)]
    [InlineData(-24 * 365 * 10, false)]
    [InlineData(24 * 89, true)]
    [InlineData(24 * 91, false)]
    [InlineData(24 * 400, false)]
    [Trait("Attack", "relay-clock")]
    public void FindError_ClockBesideTheNewestSignature_AllowsWhatCanBeRight(double hours, bool isAllowed) =>
        Assert.Equal(isAllowed, SigningClock.FindError(Newest.AddHours(hours), Newest) is null);

    [Fact]
    public void FindError_ConfirmedClock_MayBeFarAheadAndNotBehind()
    {
        Assert.Null(SigningClock.FindError(Newest.AddDays(1000), Newest, isConfirmed: true));
        Assert.NotNull(SigningClock.FindError(Newest.AddDays(-1), Newest, isConfirmed: true));
    }

    [Theory]
    [InlineData(-56, false)]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(9, true)]
    [InlineData(11, false)]
    [Trait("Attack", "relay-clock")]
    public void FindError_FirstSignature_IsNearTheRelease(int years, bool isAllowed) =>
        Assert.Equal(isAllowed, SigningClock.FindError(SigningClock.Released.AddYears(years).AddDays(150), newest: null) is null);

    [Fact]
    public async Task Released_IsNotOlderThanTheCode()
    {
        if (await CommandRun.TryAsync("git", ["-C", RepositoryRoot.FullPath, "log", "-1", "--format=%cd",
            "--date=format:%Y"]) is not { ExitCode: 0 } log)
        {
            Assert.Skip("needs git and the repository's history");
            return;
        }

        int newestCommit = int.Parse(Encoding.ASCII.GetString(log.Output), CultureInfo.InvariantCulture);
        Assert.True(newestCommit <= SigningClock.Released.Year, $"move SigningClock.Released to {newestCommit}");
    }
}
