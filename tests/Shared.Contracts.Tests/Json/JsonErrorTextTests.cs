using System.Text.Json;
using System.Text.Json.Serialization;
using Shared.Contracts.Api;
using Shared.Contracts.Json;

namespace Shared.Contracts.Tests.Json;

public sealed class JsonErrorTextTests
{
    [Theory]
    [InlineData("{\n \"release\":true}", "line 2, column 16, path $.release: the value is not of the type that this member takes.")]
    [InlineData("x", "line 1, column 1, path $: 'x' is an invalid start of a value.")]
    public void Describe_TextThatCannotBeRead_NamesPlaceAndCause(string json, string expected)
    {
        JsonException error = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, RelayApiJson.Default.ReleaseRequest));

        Assert.Equal(expected, JsonErrorText.Describe(error));
    }

    [Theory]
    [InlineData("{}", "missing 'node'")]
    [InlineData("{\"node\":null}", "path $.node: this member may not be null.")]
    public void Describe_MemberThatLacksOrIsNull_IsNamed(string json, string expected)
    {
        JsonException error = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, RelayApiJson.Default.CheckIn));

        string text = JsonErrorText.Describe(error);

        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.DoesNotContain("Shared.", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"release\":1,\"other\":1}", "there is no member 'other' here.")]
    [InlineData("{\"release\":1,\"release\":1}", "the member 'release' stands here twice.")]
    public void Describe_MemberThatIsUnknownOrTwice_IsNamed(string json, string expected)
    {
        RelayApiJson strict = new(new JsonSerializerOptions
        {
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            AllowDuplicateProperties = false
        });

        JsonException error = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, strict.ReleaseRequest));

        Assert.EndsWith(expected, JsonErrorText.Describe(error), StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_ExceptionOfOurOwn_IsItsMessage() =>
        Assert.Equal("the member 'signed' is missing", JsonErrorText.Describe(new JsonException("the member 'signed' is missing")));
}
