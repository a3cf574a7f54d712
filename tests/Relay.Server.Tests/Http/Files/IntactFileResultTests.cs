using System.IO.Pipelines;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Relay.Server.Http.Files;
using Relay.Server.Storage;
using Relay.TestKit;

namespace Relay.Server.Tests.Http.Files;

public sealed class IntactFileResultTests : IDisposable
{
    private const int Length = (5 * IntactFileResult.ChunkBytes) + 1;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Attack", "slow-reader")]
    public async Task Execute_ClientThatDoesNotRead_HoldsOneChunk(bool isInMemory)
    {
        byte[] content = RandomNumberGenerator.GetBytes(Length);
        string path = _folder.Combine("file");
        await File.WriteAllBytesAsync(path, content, Cancel);
        IntactFile file = new("tag", Length, DateTime.UnixEpoch, isInMemory ? content : null);
        Pipe client = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1, useSynchronizationContext: false));
        DefaultHttpContext context = new() { Request = { Method = HttpMethods.Get } };
        context.Features.Set<IHttpResponseBodyFeature>(new PipeBody(client.Writer));

        Task sending = new IntactFileResult(path, file, "application/octet-stream", isImmutable: true).ExecuteAsync(context);
        ReadResult first = await client.Reader.ReadAsync(Cancel);

        Assert.Equal(IntactFileResult.ChunkBytes, first.Buffer.Length);
        Assert.False(sending.IsCompleted);
        client.Reader.AdvanceTo(first.Buffer.Start);
        using MemoryStream received = new();
        Task reading = client.Reader.CopyToAsync(received, Cancel);
        await sending;
        await client.Writer.CompleteAsync();
        await reading;
        Assert.Equal(content, received.ToArray());
    }

    [Fact]
    public async Task Execute_ClientThatHasGone_SendsNoMore()
    {
        string path = _folder.Combine("file");
        await File.WriteAllBytesAsync(path, new byte[Length], Cancel);
        Pipe client = new();
        await client.Reader.CompleteAsync();
        DefaultHttpContext context = new() { Request = { Method = HttpMethods.Get } };
        context.Features.Set<IHttpResponseBodyFeature>(new PipeBody(client.Writer));

        await new IntactFileResult(path, new IntactFile("tag", Length, DateTime.UnixEpoch, null), "application/octet-stream", isImmutable: true)
            .ExecuteAsync(context);

        Assert.Equal(Length, context.Response.ContentLength);
    }

    public void Dispose() => _folder.Dispose();

    private sealed class PipeBody(PipeWriter writer) : IHttpResponseBodyFeature
    {
        public Stream Stream => writer.AsStream();

        public PipeWriter Writer => writer;

        public Task CompleteAsync() => Task.CompletedTask;

        public void DisableBuffering()
        {
        }

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }
}
