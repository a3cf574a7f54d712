using System.Text;
using Relay.Server.Http.Bodies;

namespace Relay.Server.Tests.Http;

public sealed class JsonBodyRulesTests
{
    [Theory]
    [InlineData("[null]", "line 1, column 2: a list may not hold null")]
    [InlineData("{\"a\":{\"b\":[{\"c\":1},\n null]}}", "line 2, column 2: a list may not hold null")]
    [InlineData("{\"a\":\"\\ud83d\"}", "line 1, column 6: the text holds half")]
    [InlineData("{\"\\udc00\":1}", "line 1, column 2: the text holds half")]
    [InlineData("{\"a\":\"x\\u0000\"}", "line 1, column 6: the text holds the character NUL")]
    [InlineData("{\"a\":[1e999]}", "the number is out of range")]
    [InlineData("-1e400", "the number is out of range")]
    public void FindError_InBodyThatTheSerializerTakes_NamesThePlace(string body, string expected) =>
        Assert.Contains(expected, JsonBodyRules.FindError(Encoding.UTF8.GetBytes(body)), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"a\":null,\"b\":[{\"c\":null}],\"d\":\"\\ud83d\\ude00 😀\",\"e\":[1e308,-0,9223372036854775807]}")]
    [InlineData("\ufeff{}")]
    [InlineData("{\"a\":")]
    public void FindError_InSoundBodyOrInTextThatIsNoJson_IsNull(string body) =>
        Assert.Null(JsonBodyRules.FindError(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void FindError_InBytesThatAreNotUtf8_SaysSo() =>
        Assert.Contains("UTF-8", JsonBodyRules.FindError([(byte)'"', 0xff, (byte)'"']), StringComparison.Ordinal);
}
