using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Http;

// A key that takes the place of another.
public sealed partial class ApiKeyEndpointsTests
{
    [Fact]
    public async Task Rotate_WithoutABody_OldKeyWorksForADayAndTheNewOneIsOfTheSameNameAndRole()
    {
        ApiKeyIssued old = await CreateAsync("operator");

        ApiKeyIssued next = await RotateAsync(old.Key.Id, null);

        Assert.Equal((old.Key.Name, "operator"), (next.Key.Name, next.Key.Role));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [await UseAsync(old), await UseAsync(next)]);
        ApiKeyView replaced = await FindAsync(old.Key.Id);
        Assert.Equal(next.Key.Id, replaced.ReplacedBy);
        Assert.InRange(replaced.ExpiresAt!.Value - next.Key.CreatedAt, TimeSpan.FromHours(23.9), TimeSpan.FromHours(24.1));
    }

    [Fact]
    public async Task Rotate_WithoutOverlap_OldKeyEndsAtOnce()
    {
        ApiKeyIssued old = await CreateAsync("operator");

        ApiKeyIssued next = await RotateAsync(old.Key.Id, """{"overlapMinutes":0}""");

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.OK], [await UseAsync(old), await UseAsync(next)]);
        Assert.Equal("revoked", (await FindAsync(old.Key.Id)).State);
    }

    [Fact]
    public async Task Rotate_KeyThatWasRotatedBefore_IsRefusedAndNamesItsSuccessor()
    {
        ApiKeyIssued old = await CreateAsync("operator");
        ApiKeyIssued next = await RotateAsync(old.Key.Id, null);

        using HttpResponseMessage again = await PostAsync($"{Routes.ApiKeyOf(old.Key.Id)}/rotate", "{}");
        using JsonDocument problem = await again.ProblemAsync(HttpStatusCode.Conflict);

        Assert.Contains(next.Key.Id, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("43201")]
    public async Task Rotate_OverlapOutOfItsBounds_IsRefused(string minutes)
    {
        ApiKeyIssued key = await CreateAsync("operator");

        using HttpResponseMessage response = await PostAsync(
            $"{Routes.ApiKeyOf(key.Key.Id)}/rotate", string.Create(CultureInfo.InvariantCulture, $$"""{"overlapMinutes":{{minutes}}}"""));

        Assert.Equal("invalid-api-key", await response.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
        Assert.Equal(HttpStatusCode.OK, await UseAsync(key));
    }
}
