using Relay.Server.Storage;

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
    [InlineData(1970, false)]
    [InlineData(2025, false)]
    [InlineData(2026, true)]
    [InlineData(2035, true)]
    [InlineData(2037, false)]
    [Trait("Attack", "relay-clock")]
    public void FindError_FirstSignature_IsNearTheRelease(int year, bool isAllowed) =>
        Assert.Equal(isAllowed, SigningClock.FindError(new(year, 6, 1, 0, 0, 0, TimeSpan.Zero), newest: null) is null);
}
