using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Relay.Server.Repository;

namespace Relay.Server.ObjectStore.Client;

/// <summary>A bucket of an S3-compatible store. Each call has a time limit, and every failure is an <see cref="ObjectStoreException"/>.</summary>
internal sealed class S3Bucket : IDisposable
{
    /// <summary>The time for an answer without regard to its length.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    private readonly ObjectStoreSettings _settings;
    private readonly AmazonS3Client _client;
    private readonly StoreCalls _calls;

    /// <param name="answerTime">Null: half a minute.</param>
    public S3Bucket(ObjectStoreSettings settings, TimeSpan? answerTime = null)
    {
        (_settings, _client) = (settings, S3ClientFactory.Create(settings, settings.Endpoint));
        _calls = new StoreCalls(answerTime ?? AnswerTime);
    }

    /// <summary>The objects in the folders of a repository.</summary>
    public async Task<List<BucketObject>> ListAsync(CancellationToken cancellationToken)
    {
        List<BucketObject> stored = [];
        foreach (string part in (string[])[RepositoryFiles.MetadataFolder, RepositoryFiles.TargetsFolder])
        {
            await foreach (BucketObject one in ListAsync(part + "/", cancellationToken))
            {
                stored.Add(one);
            }
        }

        return stored;
    }

    /// <summary>The objects whose keys begin so.</summary>
    public async IAsyncEnumerable<BucketObject> ListAsync(string start, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            ListObjectsV2Request request = new() { BucketName = _settings.Bucket, Prefix = KeyOf(start), ContinuationToken = next };
            ListObjectsV2Response page = await _calls.RunAsync(
                "list", start, 0, token => _client.ListObjectsV2Async(request, token), cancellationToken);
            foreach (S3Object listed in page.S3Objects ?? [])
            {
                if (listed.Key.StartsWith(_settings.Prefix, StringComparison.Ordinal))
                {
                    yield return new(listed.Key[_settings.Prefix.Length..], listed.Size ?? -1, listed.ETag);
                }
            }

            next = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (next is not null);
    }

    /// <summary>A small object; null where there is none. Of a longer one the first bytes beyond the limit.</summary>
    public Task<ObjectContent?> ReadAsync(string key, int limit, CancellationToken cancellationToken) =>
        _calls.RunAsync<ObjectContent?>("read", key, limit, async token =>
        {
            using GetObjectResponse? found = await FindAsync(key, token);
            if (found is null)
            {
                return null;
            }

            byte[] content = new byte[limit + 1];
            int length = 0;
            while (length < content.Length && await ReadPartAsync(found, content.AsMemory(length), token) is > 0 and int read)
            {
                length += read;
            }

            return new(content[..length], found.ETag);
        }, cancellationToken);

    /// <summary>Reads all of an object; null where there is none.</summary>
    /// <param name="limit">What is longer is read no further.</param>
    public Task<ObjectDigest?> DigestAsync(string key, long limit, CancellationToken cancellationToken) =>
        _calls.RunAsync<ObjectDigest?>("read", key, limit, async token =>
        {
            using GetObjectResponse? found = await FindAsync(key, token);
            if (found is null)
            {
                return null;
            }

            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] part = new byte[81_920];
            long length = 0;
            int? read = null;
            while (length <= limit && (read = await ReadPartAsync(found, part, token)) is > 0)
            {
                hash.AppendData(part, 0, read.Value);
                length += read.Value;
            }

            return new(length, read is null ? "" : Convert.ToHexStringLower(hash.GetHashAndReset()), found.ETag);
        }, cancellationToken);

    /// <summary>Writes an object where there is none under its key.</summary>
    /// <exception cref="ObjectStoreException">The store failed, or has no such condition: a name could get other bytes in it.</exception>
    public async Task<PutOutcome> CreateAsync(string key, Stream content, ObjectHeaders headers, CancellationToken cancellationToken) =>
        await PutAsync(key, content, headers, request => request.IfNoneMatch = "*", cancellationToken) is var outcome and not PutOutcome.Unsupported
            ? outcome
            : throw new ObjectStoreException($"The store cannot write '{key}' only where nothing is there (If-None-Match): use another store.");

    /// <summary>Replaces an object that still has this tag, as far as the store can tell.</summary>
    public async Task<PutOutcome> ReplaceAsync(
        string key, byte[] content, ObjectHeaders headers, string entityTag, CancellationToken cancellationToken)
    {
        PutOutcome outcome = await PutAsync(request => request.IfMatch = entityTag);
        return outcome switch
        {
            // Ceph RGW 16 compares the header without quotes.
            PutOutcome.Refused => await PutAsync(request => request.IfMatch = entityTag.Trim('"')),

            // The caller reads it back.
            PutOutcome.Unsupported => await PutAsync(_ => { }),
            _ => outcome,
        };

        Task<PutOutcome> PutAsync(Action<PutObjectRequest> setCondition) =>
            this.PutAsync(key, new MemoryStream(content, writable: false), headers, setCondition, cancellationToken);
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        _calls.RunAsync("delete", key, 0, token => _client.DeleteObjectAsync(_settings.Bucket, KeyOf(key), token), cancellationToken);

    public void Dispose() => _client.Dispose();

    private string KeyOf(string key) => _settings.Prefix + key;

    /// <returns>Null where the bytes that came are not those of the store's own tag.</returns>
    private static async Task<int?> ReadPartAsync(GetObjectResponse found, Memory<byte> part, CancellationToken cancellationToken)
    {
        try
        {
            return await found.ResponseStream.ReadAsync(part, cancellationToken);
        }
        catch (AmazonClientException)
        {
            return null;
        }
    }

    private async Task<GetObjectResponse?> FindAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.GetObjectAsync(new GetObjectRequest { BucketName = _settings.Bucket, Key = KeyOf(key) }, cancellationToken);
        }
        catch (AmazonS3Exception missing) when (missing.ErrorCode == "NoSuchKey")
        {
            return null;
        }
    }

    private Task<PutOutcome> PutAsync(
        string key, Stream content, ObjectHeaders headers, Action<PutObjectRequest> setCondition, CancellationToken cancellationToken) =>
        _calls.RunAsync("write", key, content.Length, async token =>
        {
            PutObjectRequest request = new()
            {
                BucketName = _settings.Bucket,
                Key = KeyOf(key),
                InputStream = content,
                AutoCloseStream = false,
                UseChunkEncoding = false,
                DisablePayloadSigning = false,
                ContentType = headers.ContentType,
            };
            request.Headers.CacheControl = headers.CacheControl;
            setCondition(request);
            try
            {
                await _client.PutObjectAsync(request, token);
                return PutOutcome.Written;
            }
            catch (AmazonS3Exception other) when (other.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict)
            {
                return PutOutcome.Refused;
            }
            catch (AmazonS3Exception unknown) when (unknown.StatusCode is HttpStatusCode.NotImplemented)
            {
                return PutOutcome.Unsupported;
            }
        }, cancellationToken);
}
