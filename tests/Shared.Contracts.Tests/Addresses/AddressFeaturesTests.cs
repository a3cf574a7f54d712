using System.Net;
using Shared.Contracts.Addresses;

namespace Shared.Contracts.Tests.Addresses;

public sealed class AddressFeaturesTests
{
    [Fact]
    public void Extract_IPv4Address_NamesItsNetworksInTheOrderOfTheColumns()
    {
        string[] row = AddressFeatures.Extract("77.90.185.213").Value!;

        Assert.Equal(
            ["address", "range_28", "range_24", "range_20", "range_16", "range_12", "range_8",
                "net_28", "net_24", "net_22", "net_20", "net_16", "net_12", "net_8"],
            AddressFeatures.Names);
        Assert.Equal(
            ["77.90.185.213", "77.90.185.208/28", "77.90.185.0/24", "77.90.176.0/20", "77.90.0.0/16", "77.80.0.0/12", "77.0.0.0/8",
                "77.90.185.208/28", "77.90.185.0/24", "77.90.184.0/22", "77.90.176.0/20", "77.90.0.0/16", "77.80.0.0/12", "77.0.0.0/8"],
            row);
    }

    [Theory]
    [InlineData("::ffff:77.90.185.213")]
    [InlineData("::FFFF:4d5a:b9d5")]
    [Trait("Attack", "disguised-address")]
    public void Extract_MappedAddress_IsTheIPv4Address(string mapped)
    {
        Assert.Equal(AddressFeatures.Extract("77.90.185.213").Value!, AddressFeatures.Extract(mapped).Value!);
        Assert.Equal(AddressFeatures.Extract("77.90.185.213").Value!, AddressFeatures.Extract(IPAddress.Parse(mapped)).Value!);
    }

    [Fact]
    public void Extract_IPv6Address_HasItsOwnTextInOneFormAndNothingElse()
    {
        string[] row = AddressFeatures.Extract("2A02:06B8:0000::0007").Value!;

        Assert.Equal("2a02:6b8::7", row[0]);
        Assert.All(row[1..], Assert.Empty);
        Assert.Equal(AddressFeatures.Names.Count, row.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 77.90.185.213")]
    [InlineData("77.90.185.213\n")]
    [InlineData("77.90.185")]
    [InlineData("1297791445")]
    [InlineData("077.90.185.213")]
    [InlineData("0x4d.90.185.213")]
    [InlineData("77.90.185.256")]
    [InlineData("77.90.185.213:443")]
    [InlineData("77.90.185.0/24")]
    [InlineData("[2a02:6b8::7]")]
    [InlineData("[2a02:6b8::7]:443")]
    [InlineData("fe80::1%eth0")]
    [InlineData("٧٧.90.185.213")]
    [InlineData("example.com")]
    [Trait("Attack", "disguised-address")]
    public void Extract_TextThatIsNoAddress_IsMalformed(string text) =>
        Assert.Equal(AddressRefusalReason.Malformed, AddressFeatures.Extract(text).Refusal!.Reason);

    [Fact]
    public void Extract_LongTextWithControlCharacters_IsEscapedAndCutInTheAnswer()
    {
        string detail = AddressFeatures.Extract("\u001b[2J" + new string('x', 100_000)).Refusal!.Detail;

        Assert.DoesNotContain('\u001b', detail);
        Assert.InRange(detail.Length, 1, 250);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.1.1")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.51.100.7")]
    [InlineData("203.0.113.7")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::ffff:10.1.2.3")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    [InlineData("ff02::1")]
    [InlineData("2001:db8::7")]
    public void Extract_AddressThatNobodyOnTheInternetHas_IsNotPublic(string text) =>
        Assert.Equal(AddressRefusalReason.NotPublic, AddressFeatures.Extract(text).Refusal!.Reason);

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("198.17.255.255")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700::1111")]
    public void Extract_AddressBesideASpecialNetwork_IsPublic(string text) => Assert.True(AddressFeatures.Extract(text).IsAccepted);

    [Fact]
    public void Ranges_OfPublicAddresses_LeaveOutWhatExtractRefuses()
    {
        foreach ((uint first, uint last) in PublicAddressSpace.Ranges)
        {
            Assert.True(first <= last && PublicAddressSpace.Contains(first) && PublicAddressSpace.Contains(last));
            Assert.False(PublicAddressSpace.Contains(first - 1) || PublicAddressSpace.Contains(last + 1));
        }

        Assert.Equal(3_702_258_432, PublicAddressSpace.Ranges.Sum(r => (long)r.Last - r.First + 1));
    }
}
