using System.Diagnostics;
using Shared.Contracts.Datasets;

namespace Shared.Contracts.Tests.Datasets;

public sealed class LoggedAddressTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData(" 192.0.2.1 ", "192.0.2.1")]
    [InlineData("192.0.2.1:8080", "192.0.2.1")]
    [InlineData("192.0.2.0/24", "192.0.2.0")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:DB8:0:0::1", "2001:db8::1")]
    [InlineData("[2001:db8::1]:443", "2001:db8::1")]
    [InlineData("fe80::1%eth0", "fe80::1")]
    public void Normalize_AddressInAnyForm_IsOneText(string text, string expected) => Assert.Equal(expected, LoggedAddress.Normalize(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("0x7f000001")]
    [InlineData("12:30:45")]
    [InlineData("GET")]
    [InlineData("example.org")]
    [InlineData("std::vector")]
    public void Normalize_TextThatIsNoAddress_IsNull(string? text) => Assert.Null(LoggedAddress.Normalize(text));

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("203.0.113.7, 10.0.0.1")]
    [InlineData("unknown,2001:db8::1")]
    [InlineData("/from/203.0.113.7")]
    [InlineData("/from/203.0.113.7/")]
    [InlineData("https://203.0.113.7:8080/a?b=c")]
    [InlineData("http://[2001:db8::1]/")]
    [InlineData("req-203.0.113.7-12")]
    [InlineData("ip:203.0.113.7")]
    [InlineData("ip=203.0.113.7;proto=http")]
    [InlineData("for=\"[2001:db8:cafe::17]:4711\"")]
    [InlineData("user@203.0.113.7")]
    [InlineData("denied 203.0.113.7.")]
    [InlineData("from fe80::1%eth0 to me")]
    [InlineData("client 2001:db8::1: GET")]
    public void IsIn_TextWithAnAddress_IsTrue(string text) => Assert.True(LoggedAddress.IsIn(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("build 1.2.3.4.5")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36")]
    [InlineData("at 12:30:45, 2026-11-29T12:30:45Z")]
    [InlineData("std::vector<a::b> x :: y")]
    [InlineData("00:1a:2b:3c:4d:5e")]
    [InlineData("www.news.example.org/a.b.c.d")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    public void IsIn_TextWithoutAnAddress_IsFalse(string? text) => Assert.False(LoggedAddress.IsIn(text));

    [Fact]
    public void IsIn_LongTextOfNearAddresses_IsQuick()
    {
        string text = string.Concat(Enumerable.Repeat("1.2.3.", 100_000));
        Stopwatch watch = Stopwatch.StartNew();

        Assert.False(LoggedAddress.IsIn(text));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }
}
