using System.Globalization;
using System.Security.Cryptography;
using Relay.Server.Http.Problems;
using Relay.Server.Storage;
using Shared.Contracts.Nodes;

namespace Relay.Server.Http.Bodies;

/// <summary>Receives large uploads into files that exist for the length of a request. They hold what was sent as it was sent, addresses
/// included.</summary>
internal sealed class UploadSpool : IDisposable
{
    /// <summary>Uploads that arrive or are read at once; each may take as much of the disk as the route allows.</summary>
    private const int Slots = 4;

    private const int BusySeconds = 10;
    private readonly SemaphoreSlim _slots = new(Slots);
    private readonly DataFolder _folder;
    private readonly TemporaryCopies _copies;
    private readonly StorageHealth _storage;

    public UploadSpool(DataFolder folder, TemporaryCopies copies, StorageHealth storage) => (_folder, _copies, _storage) = (folder, copies, storage);

    /// <summary>Receives the body, runs what follows, and deletes the file.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (_storage.IsSpaceLow())
        {
            await RelayProblems.DiskFull().ExecuteAsync(context);
            return;
        }

        if (!_slots.Wait(0))
        {
            context.Response.Headers.RetryAfter = BusySeconds.ToString(CultureInfo.InvariantCulture);
            await RelayProblems.UploadsBusy().ExecuteAsync(context);
            return;
        }

        string path = Path.Combine(_folder.Uploads, Path.GetRandomFileName());
        IDisposable copy = _copies.Begin(UploadBody.FindDataset(context));
        try
        {
            if (await ReceiveAsync(context.Request, path, new SpaceGuard(_storage), context.RequestAborted))
            {
                context.Features.Set(new ReceivedUpload(path));
                await next(context);
            }
            else
            {
                await RelayProblems.ContentDigest().ExecuteAsync(context);
            }
        }
        catch (IOException full) when (StorageHealth.IsDiskFull(full))
        {
            _storage.Report(full);
            await RelayProblems.DiskFull().ExecuteAsync(context);
        }
        finally
        {
            File.Delete(path);
            copy.Dispose();
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();

    /// <returns>False for a body that is not the one of its digest.</returns>
    /// <exception cref="IOException">The disk is full, or keeps what is left for the relay.</exception>
    private static async Task<bool> ReceiveAsync(
        HttpRequest request, string path, SpaceGuard guard, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            guard.Expect(read);
            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return request.Headers[ContentDigest.Header] is not [{ } digest] || ContentDigest.Matches(digest, hash);
    }
}
