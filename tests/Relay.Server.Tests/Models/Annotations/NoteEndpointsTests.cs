using System.Net;
using System.Net.Http.Json;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Models.Annotations;

public sealed class NoteEndpointsTests(AnnotatedRelay fixture) : IClassFixture<AnnotatedRelay>
{
    private const string Text = "# Not a heading\n<script>alert(1)</script> [a](https://example.com)\n\tlast";

    private const int Version = 1;

    [Fact]
    public async Task Set_ThenEditByTwo_KeepsTheFirstEdit()
    {
        string path = Routes.NoteOf("small", null);
        using HttpResponseMessage made = await SetAsync(path, "first\r\nline", null);
        string tag = made.Headers.ETag!.Tag;
        using HttpResponseMessage edited = await SetAsync(path, "second", tag);
        using HttpResponseMessage late = await SetAsync(path, "third", tag);
        using HttpResponseMessage lateDelete = await DeleteAsync(path, tag);
        NoteView note = (await fixture.Relay.Admin.GetFromJsonAsync(path, RelayApiJson.Default.NoteView))!;
        using HttpResponseMessage deleted = await DeleteAsync(path, edited.Headers.ETag!.Tag);
        using HttpResponseMessage again = await DeleteAsync(path, null);
        using HttpResponseMessage gone = await fixture.Relay.Admin.GetAsync(path);
        using HttpResponseMessage onNothing = await SetAsync(path, "fourth", tag);

        Assert.Equal("first\nline", (await made.Content.ReadFromJsonAsync(RelayApiJson.Default.NoteView))!.Text);
        Assert.Equal("changed-meanwhile", await late.ProblemTypeAsync(HttpStatusCode.PreconditionFailed));
        Assert.Equal("changed-meanwhile", await lateDelete.ProblemTypeAsync(HttpStatusCode.PreconditionFailed));
        Assert.Equal(("second", true), (note.Text, note.SetBy is not null));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal("no-note", await again.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("no-note", await gone.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("changed-meanwhile", await onNothing.ProblemTypeAsync(HttpStatusCode.PreconditionFailed));
    }

    [Fact]
    [Trait("Attack", "card-injection")]
    public async Task Set_OfAVersion_ShowsAsTextInItsCard()
    {
        using HttpResponseMessage set = await SetAsync(Routes.NoteOf("small", Version), Text, null);
        (await fixture.Relay.Admin.PutAsJsonAsync(
            Routes.TagOf("small", Version, "stage"), new TagRequest("<b>trial|"), RelayApiJson.Default.TagRequest)).Dispose();

        string page = await fixture.Relay.Admin.GetStringAsync(Routes.CardOf("small", Version, "html"));
        string markdown = await fixture.Relay.Admin.GetStringAsync(Routes.CardOf("small", Version, "md"));
        VersionDetail detail = (await fixture.Relay.Admin.GetFromJsonAsync(
            Routes.VersionOf("small", Version), RelayApiJson.Default.VersionDetail))!;

        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        Assert.Equal(Text, detail.Note?.Text);
        Assert.Contains("no signature covers them", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;trial|", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("""> \# Not a heading""", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", markdown.Replace("\\<", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u0007")]
    [InlineData("\u009b")]
    [InlineData(null)]
    public async Task Set_TextThatIsNone_IsRefused(string? text)
    {
        using HttpResponseMessage refused =
            await SetAsync(Routes.NoteOf("small", Version), text ?? new string('x', NoteView.MaximumText + 1), null);

        Assert.Equal("invalid-note", await refused.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task Requests_OfWhatIsNotThere_SaySo()
    {
        using HttpResponseMessage version = await SetAsync(Routes.NoteOf("small", 99), "x", null);
        using HttpResponseMessage zero = await DeleteAsync(Routes.NoteOf("small", 0), null);
        using HttpResponseMessage model = await fixture.Relay.Admin.GetAsync(Routes.NoteOf("unknown", null));

        Assert.Equal("unknown-version", await version.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("unknown-version", await zero.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("unknown-model", await model.ProblemTypeAsync(HttpStatusCode.NotFound));
    }

    private async Task<HttpResponseMessage> SetAsync(string path, string text, string? ifMatch)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, path)
        {
            Content = JsonContent.Create(new NoteRequest(text), RelayApiJson.Default.NoteRequest),
        };
        return await SendAsync(request, ifMatch);
    }

    private async Task<HttpResponseMessage> DeleteAsync(string path, string? ifMatch)
    {
        using HttpRequestMessage request = new(HttpMethod.Delete, path);
        return await SendAsync(request, ifMatch);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string? ifMatch)
    {
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return await fixture.Relay.Admin.SendAsync(request);
    }
}
