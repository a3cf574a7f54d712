using System.Net.Http.Json;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Relay.Server.Tests.Datasets;

/// <summary>A dataset with the columns of <see cref="SmallModel"/> and the rows of its training file.</summary>
internal static class TrainingDataset
{
    public static Task CreateAsync(TestRelay relay, string name) => CreateAsync(relay.Admin, relay.DatasetsFolder, name);

    public static async Task CreateAsync(HttpClient admin, string files, string name)
    {
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(files, SmallModel.TrainFile));
        DatasetSpec spec = new()
        {
            Name = name,
            Columns = [.. SmallModel.Spec().Columns.Select(column => new DatasetColumn(column.Name, column.Type))],
            Label = new DatasetLabel { Classes = [.. lines.Skip(1).Select(line => line.Split(',')[^1]).Distinct()] },
        };
        using HttpResponseMessage created = await admin.PostAsJsonAsync(Routes.Datasets, spec, RelayApiJson.Default.DatasetSpec);
        created.EnsureSuccessStatusCode();
        string rows = $"id,{lines[0]}\n{string.Join('\n', lines.Skip(1).Select((line, i) => $"row-{i},{line}"))}";
        UploadReport report = await SmallDataset.ReportAsync(
            SmallDataset.PostAsync(admin, Routes.SamplesOf(name), SampleBounds.CsvType, rows));
        Assert.Equal(0, report.Refused);
    }
}
