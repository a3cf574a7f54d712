using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Datasets.Selection;
using Relay.Server.Training;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using Shared.Contracts.Models;

namespace Benchmarks.Datasets;

/// <summary>Uploads samples to a relay, and reads them as an export and as the rows of a training run.</summary>
internal static class SampleLoad
{
    private const int UploadRows = 100_000;
    private const int Uploads = 10;
    private const string Name = "requests";

    private static readonly ModelSpec Model = new()
    {
        Name = Name,
        Task = ModelTask.Classification,
        Algorithm = ModelAlgorithm.RandomForest,
        Columns = [new("length", ColumnType.Number), new("method", ColumnType.Category), new("verdict", ColumnType.Label)],
        Label = new LabelSpec { Benign = "good" },
    };

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(string engine, bool isPostgres, CancellationToken cancellationToken)
    {
        PostgresServer? server = isPostgres ? new() : null;
        try
        {
            string? database = server?.BySocket(server.CreateDatabase());
            await using TestRelay relay = await TestRelay.StartAsync(options => options with { Server = database });
            return await RunAsync(engine, relay, cancellationToken);
        }
        finally
        {
            server?.Delete();
        }
    }

    private static async Task<IReadOnlyList<BenchRow>> RunAsync(string engine, TestRelay relay, CancellationToken cancellationToken)
    {
        DatasetSpec spec = new()
        {
            Name = Name,
            Columns =
            [
                new("length", ColumnType.Number), new("method", ColumnType.Category), new("note", ColumnType.Ignore),
                new("verdict", ColumnType.Label),
            ],
            Label = new DatasetLabel { Classes = ["good", "bad"] },
            Limits = new DatasetLimits { MaxRows = 2 * Uploads * UploadRows },
        };
        (await relay.Admin.PostAsJsonAsync(Routes.Datasets, spec, RelayApiJson.Default.DatasetSpec, cancellationToken)).EnsureSuccessStatusCode();
        double[] uploads = new double[Uploads];
        for (int upload = 0; upload < Uploads; upload++)
        {
            uploads[upload] = await TimeAsync(() => UploadAsync(relay.Admin, upload, cancellationToken));
        }

        double labels = await TimeAsync(() => LabelAsync(relay.Admin, cancellationToken));
        double export = await TimeAsync(async () =>
        {
            using HttpResponseMessage answer = await relay.Admin.GetAsync(
                Routes.ExportOf(Name, "csv"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            answer.EnsureSuccessStatusCode();
        });
        double training = await TimeAsync(() =>
        {
            using TemporaryFolder folder = new();
            using TrainingFiles files = relay.Services.GetRequiredService<TrainingRows>().Write(
                new DatasetRows(Name), Model, hasTestFile: false, used: null, folder.Combine("rows"), cancellationToken);
            return Task.CompletedTask;
        });
        string rows = string.Create(CultureInfo.InvariantCulture, $"{Uploads * UploadRows:N0} samples, 100,000 of them with a second label");
        return
        [
            BenchRow.LowerIsBetter(
                $"datasets.{engine}.upload", uploads.Order().ElementAt(Uploads / 2), null, "s",
                string.Create(CultureInfo.InvariantCulture, $"an upload of {UploadRows:N0} rows as CSV, durable: median of {Uploads}")),
            BenchRow.LowerIsBetter($"datasets.{engine}.labels", labels, null, "s", $"an upload of {UploadRows} labels of samples that are there"),
            BenchRow.LowerIsBetter($"datasets.{engine}.export", export, null, "s", $"an export as CSV of {rows}, until it is sent"),
            BenchRow.LowerIsBetter($"datasets.{engine}.training", training, null, "s", $"the files of a training run, chosen from {rows}"),
        ];
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        long began = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static Task UploadAsync(HttpClient admin, int upload, CancellationToken cancellationToken)
    {
        StringBuilder rows = new("id,length,method,note,verdict\n");
        string note = new('n', 80);
        for (int row = 0; row < UploadRows; row++)
        {
            string label = row % 3 == 0 ? "bad" : "good";
            rows.Append(CultureInfo.InvariantCulture, $"{row * 7919L % UploadRows:x}-{upload},{row % 977},GET,{note}{row},{label}\n");
        }

        return SendAsync(admin, Routes.SamplesOf(Name), rows.ToString(), cancellationToken);
    }

    private static Task LabelAsync(HttpClient admin, CancellationToken cancellationToken)
    {
        StringBuilder rows = new("id,label\n");
        for (int row = 0; row < UploadRows; row++)
        {
            rows.Append(CultureInfo.InvariantCulture, $"{row:x}-{row % Uploads},{(row % 5 == 0 ? "bad" : "good")}\n");
        }

        return SendAsync(admin, Routes.LabelsOf(Name), rows.ToString(), cancellationToken);
    }

    private static async Task SendAsync(HttpClient admin, string route, string rows, CancellationToken cancellationToken)
    {
        using ByteArrayContent content = new(Encoding.UTF8.GetBytes(rows));
        content.Headers.ContentType = new MediaTypeHeaderValue(SampleBounds.CsvType);
        using HttpResponseMessage answer = await admin.PostAsync(route, content, cancellationToken);
        answer.EnsureSuccessStatusCode();
        UploadReport report = (await answer.Content.ReadFromJsonAsync(RelayApiJson.Default.UploadReport, cancellationToken))!;
        if (report.Refused > 0)
        {
            throw new InvalidOperationException($"{report.Refused} rows were refused: {report.Faults[0].Detail}");
        }
    }
}
