using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Datasets.Reading;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Storage;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using Shared.Contracts.Nodes;

namespace Relay.Server.Datasets.Exports;

/// <summary>Exports a dataset. It is written to the disk first, so that a slow reader holds nothing open in the dataset, and its digest comes
/// before its content.</summary>
internal static class ExportEndpoint
{
    private static readonly Dictionary<string, (ExportFormat Format, string Type)> Formats = new(StringComparer.Ordinal)
    {
        ["csv"] = (ExportFormat.Csv, SampleBounds.CsvType),
        ["ndjson"] = (ExportFormat.Ndjson, SampleBounds.NdjsonType),
        ["parquet"] = (ExportFormat.Parquet, SampleBounds.ParquetType),
    };

    public static void Map(IEndpointRouteBuilder app) => app.MapGet(Routes.Datasets + "/{name}/export", ExportAsync)
        .WithSummary("Downloads the rows of a dataset")
        .ExpectDeletion()
        .RequireAuthorization(AccessPolicies.Train);

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> ExportAsync(
        string name, string? format, long? position, DatasetStore datasets, TemporaryCopies copies, DataFolder folder, StorageHealth storage,
        HttpResponse response, CancellationToken cancellationToken)
    {
        if (!Formats.TryGetValue(format ?? "csv", out (ExportFormat Format, string Type) form))
        {
            return DatasetProblems.UnknownFormat(string.Join(", ", Formats.Keys));
        }

        if (datasets.Find(name) is not { } dataset)
        {
            return DatasetProblems.Unknown(name);
        }

        if (storage.IsSpaceLow())
        {
            return RelayProblems.DiskFull();
        }

        try
        {
            // Before the file that it stands for: what is registered last is disposed first.
            response.RegisterForDispose(copies.Begin(name));
            FileStream file = new(
                Path.Combine(folder.Uploads, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, 1 << 16,
                FileOptions.DeleteOnClose);
            try
            {
                using SampleReader samples = new(dataset, position);
                await new DatasetExport(dataset.Spec, samples, new SpaceGuard(storage)).WriteAsync(form.Format, file, cancellationToken);
                file.Position = 0;
                response.Headers[ContentDigest.Header] = ContentDigest.FromHash(await SHA256.HashDataAsync(file, cancellationToken));
                response.Headers[Routes.PositionHeader] = samples.Position.ToString(CultureInfo.InvariantCulture);
                file.Position = 0;
                return TypedResults.File(file, form.Type);
            }
            catch
            {
                await file.DisposeAsync();
                throw;
            }
        }
        catch (Exception full) when (StorageHealth.IsDiskFull(full))
        {
            storage.Report(full);
            return RelayProblems.DiskFull();
        }
    }
}
