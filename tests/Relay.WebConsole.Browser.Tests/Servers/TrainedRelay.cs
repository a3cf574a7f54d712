using System.Net.Http.Json;
using System.Text;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using Shared.Contracts.Models;

[assembly: AssemblyFixture(typeof(Relay.WebConsole.Browser.Tests.Servers.TrainedRelay))]

namespace Relay.WebConsole.Browser.Tests.Servers;

/// <summary>A relay with version 1 of <see cref="SmallModel"/> and a dataset, for tests that only read.</summary>
public sealed class TrainedRelay : SharedRelay
{
    public const string Dataset = "small-data";

    protected override async Task<TestRelay> StartAsync()
    {
        TestRelay relay = await TestRelay.StartAsync();
        await relay.TrainSmallAsync();
        await AddDatasetAsync(relay.Admin);
        return relay;
    }

    private static async Task AddDatasetAsync(HttpClient admin)
    {
        DatasetSpec spec = new()
        {
            Name = Dataset,
            Columns = [new("length", ColumnType.Number) { Required = true, Nodes = true }, new("verdict", ColumnType.Label)],
            Label = new() { Classes = ["good", "bad"] },
        };
        using HttpResponseMessage created = await admin.PostAsJsonAsync(Routes.Datasets, spec, RelayApiJson.Default.DatasetSpec);
        created.EnsureSuccessStatusCode();
        using StringContent rows = new("id,length,verdict\na,1,good\nb,2,bad\nc,3,\n", Encoding.UTF8, SampleBounds.CsvType);
        using HttpResponseMessage added = await admin.PostAsync(new Uri(Routes.SamplesOf(Dataset), UriKind.Relative), rows);
        added.EnsureSuccessStatusCode();
    }
}
