using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Relay.Server.Datasets.Samples;
using Relay.Server.Http.Access;
using Relay.Server.Http.Bodies;
using Relay.Server.Http.Problems;
using Relay.Server.Storage;
using Relay.Training;
using Relay.Training.Data.Uploads;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Relay.Server.Datasets.Uploads;

/// <summary>Takes uploads of rows, as many at once as the relay can hold.</summary>
internal sealed class UploadService(ApiKeyStore keys, StorageHealth storage, UploadCounter counter, TimeProvider timeProvider)
{
    /// <summary>Those of nodes are in memory while they wait.</summary>
    private const int MaximumUploads = 256;

    private const int BusySeconds = 10;
    private int _uploads;

    /// <param name="columns">The names of the columns of the upload, beside the id.</param>
    public async Task<Results<Ok<UploadReport>, ProblemHttpResult>> AddAsync(
        Dataset dataset, UploadKind kind, IReadOnlyList<string> columns, HttpContext context)
    {
        if (storage.IsSpaceLow())
        {
            return RelayProblems.DiskFull();
        }

        try
        {
            if (Interlocked.Increment(ref _uploads) > MaximumUploads)
            {
                context.Response.Headers.RetryAfter = BusySeconds.ToString(CultureInfo.InvariantCulture);
                return RelayProblems.UploadsBusy();
            }

            using Stream content = OpenContent(context);
            return content.Length == 0
                ? DatasetProblems.EmptyUpload()
                : await AddAsync(dataset, kind, columns, content, context);
        }
        catch (Exception full) when (StorageHealth.IsDiskFull(full))
        {
            storage.Report(full);
            return RelayProblems.DiskFull();
        }
        finally
        {
            Interlocked.Decrement(ref _uploads);
        }
    }

    private async Task<Results<Ok<UploadReport>, ProblemHttpResult>> AddAsync(
        Dataset dataset, UploadKind kind, IReadOnlyList<string> columns, Stream content, HttpContext context)
    {
        SampleSource source = SampleSource.From(context.User, keys);
        try
        {
            (RowUpload? rows, ProblemHttpResult? problem) = Open(content, columns, context.Request.ContentType, source);
            using (rows)
            {
                return rows is null
                    ? problem!
                    : TypedResults.Ok(
                        await new UploadExecution(dataset, kind, source, storage, counter, timeProvider).RunAsync(rows, context.RequestAborted));
            }
        }
        catch (TrainingException unreadable)
        {
            return DatasetProblems.InvalidUpload(unreadable.Message);
        }
    }

    private static Stream OpenContent(HttpContext context) => context.Features.Get<ReceivedUpload>() is { } file ? file.Open()
        : context.Features.Get<BufferedBody>() is null ? Stream.Null
        : context.Request.Body;

    private static (RowUpload? Rows, ProblemHttpResult? Problem) Open(
        Stream content, IReadOnlyList<string> columns, string? contentType, SampleSource source)
    {
        string? type = MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? parsed) ? parsed.MediaType.Value : null;
        switch (type?.ToLowerInvariant())
        {
            case SampleBounds.NdjsonType:
                return (new NdjsonUpload(content, columns), null);
            case SampleBounds.CsvType:
                return FromTable(UploadFile.OpenCsv(content), columns);

            // Only API keys may send Parquet: its reader allocates what a file states.
            case SampleBounds.ParquetType when !source.IsNode && content is FileStream file:
                return FromTable(UploadFile.OpenParquet(file), columns);
            default:
                return (null, DatasetProblems.UnsupportedType(source.IsNode));
        }
    }

    private static (RowUpload? Rows, ProblemHttpResult? Problem) FromTable(UploadFile file, IReadOnlyList<string> columns)
    {
        (TableUpload? rows, string? error) = TableUpload.Open(file, columns);
        return error is null ? (rows, null) : (null, DatasetProblems.InvalidUpload($"Nothing was stored: {error}."));
    }
}
