using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Datasets;
using Relay.Server.Datasets.Selection;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Models;
using Relay.Server.Storage;
using Relay.Training;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using Shared.Contracts.Models;
using Shared.Contracts.Nodes;

namespace Relay.Server.Training;

/// <summary>Gives the rows that a run took of a dataset once more, so that its version can be reproduced: they are chosen again, and are the same
/// unless samples were deleted since.</summary>
internal static class RunRowsEndpoint
{
    private const string Train = "train";
    private const string Test = "test";

    public static void Map(IEndpointRouteBuilder app) => app.MapGet(Routes.TrainingRuns + "/{id:long}/rows/{part}", FindAsync)
        .WithSummary("Downloads the rows of a training run")
        .RequireAuthorization(AccessPolicies.Train);

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> FindAsync(
        long id, string part, TrainingRunStore runs, VersionStore versions, TrainingRows rows, TemporaryCopies copies, DataFolder folder,
        StorageHealth storage, HttpResponse response,
        CancellationToken cancellationToken)
    {
        if (runs.Find(id) is not { } run)
        {
            return TrainingProblems.UnknownRun(id);
        }

        if (run.Data.Dataset is not { } source || part is not (Train or Test) || (part is Test && run.Data.Test is not null))
        {
            return DatasetProblems.NoRowsOfRun(id);
        }

        if (run.Version is not { } number || versions.Find(run.Model, number) is not { Card.Dataset: { } used } version)
        {
            return DatasetProblems.RunWithoutVersion(id);
        }

        try
        {
            // The open file is on the disk until the response ends, though its folder is gone.
            response.RegisterForDispose(copies.Begin(source.Name));
            using TrainingFiles files = rows.Write(
                source, version.Card.Spec, run.Data.Test is not null, used,
                Path.Combine(folder.Uploads, $"rows-{Path.GetRandomFileName()}"), cancellationToken);
            DataSummary expected = part is Train ? version.Card.Train : version.Card.Test;
            FileStream file = new(
                part is Train ? files.Train : files.Test!, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16);
            byte[] sha256 = await SHA256.HashDataAsync(file, cancellationToken);
            if (Convert.ToHexStringLower(sha256) != expected.Sha256)
            {
                await file.DisposeAsync();
                return DatasetProblems.RowsChanged(id, source.Name);
            }

            response.Headers[ContentDigest.Header] = ContentDigest.FromHash(sha256);
            file.Position = 0;
            return TypedResults.File(file, SampleBounds.CsvType);
        }
        catch (Exception full) when (StorageHealth.IsDiskFull(full))
        {
            storage.Report(full);
            return RelayProblems.DiskFull();
        }
        catch (TrainingException gone)
        {
            return DatasetProblems.RowsGone(gone.Message);
        }
    }
}
