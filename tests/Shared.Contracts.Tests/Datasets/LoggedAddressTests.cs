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
}
