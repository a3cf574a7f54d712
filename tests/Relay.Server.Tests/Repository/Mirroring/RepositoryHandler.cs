using System.Net;
using Relay.Server.Repository.Mirroring;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Repository.Mirroring;

/// <summary>A relay that answers with these bodies, by their paths <c>metadata/...</c> and <c>targets/...</c>; null is 404.</summary>
internal sealed class RepositoryHandler(Func<string, Stream?> open) : HttpMessageHandler
{
    private static readonly string Folder = Routes.Metadata[..(Routes.Metadata.LastIndexOf('/') + 1)];

    /// <summary>The repository of such a relay.</summary>
    public static RelayFileSource Serve(Func<string, Stream?> open, TimeSpan grace) =>
        new(new HttpClient(new RepositoryHandler(open)) { BaseAddress = new("https://relay.test") }, TimeProvider.System, grace);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(
        open(request.RequestUri!.AbsolutePath[Folder.Length..]) is { } body
            ? new HttpResponseMessage { Content = new StreamContent(body) }
            : new HttpResponseMessage(HttpStatusCode.NotFound));
}
