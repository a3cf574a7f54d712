using System.Text;
using System.Text.Json;
using Shared.Contracts.Json;

namespace Shared.Contracts.Tests.Json;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData(" { \"b\" : 1 , \"a\" : [ true , false , null ] } ", "{\"a\":[true,false,null],\"b\":1}")]
    [InlineData("\"a\\n\\u0007\\u00e9\\/\"", "\"a\n\u0007é/\"")]
    [InlineData("\"\\\"\\\\\"", "\"\\\"\\\\\"")]
    [InlineData("[0,-0,-5,123456789012345678901234567890]", "[0,0,-5,123456789012345678901234567890]")]
    [InlineData("{\"ab\":1,\"a\":2,\"B\":3,\"\":4}", "{\"\":4,\"B\":3,\"a\":2,\"ab\":1}")]
    [InlineData("{}", "{}")]
    public void Encode_Json_GivesTheOneForm(string json, string canonical) =>
        Assert.Equal(canonical, Encoding.UTF8.GetString(CanonicalJson.Encode(Encoding.UTF8.GetBytes(json))));

    [Fact]
    public void Encode_MembersBeyondThePlane_SortByCodePoint()
    {
        // U+FF5E sorts before U+1F600 by code point, after it by UTF-16.
        byte[] canonical = CanonicalJson.Encode("{\"\U0001F600\":1,\"\uFF5E\":2}"u8.ToArray());
        Assert.Equal("{\"\uFF5E\":2,\"\U0001F600\":1}", Encoding.UTF8.GetString(canonical));
    }

    [Theory]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"a\":1,\"\\u0061\":2}")]
    [InlineData("[1,]")]
    [InlineData("[1] x")]
    [InlineData("// no\n1")]
    [InlineData("\"\\ud800\"")]
    public void Encode_NotStrict_Throws(string json) =>
        Assert.ThrowsAny<JsonException>(() => CanonicalJson.Encode(Encoding.UTF8.GetBytes(json)));
}
