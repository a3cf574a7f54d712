using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Datasets;

/// <summary>A dataset of four columns, and requests to datasets.</summary>
internal static class SmallDataset
{
    public static DatasetSpec Spec(string name, DatasetLimits? limits = null) => new()
    {
        Name = name,
        Columns =
        [
            new("length", ColumnType.Number) { Required = true, Nodes = true },
            new("method", ColumnType.Category) { Nodes = true },
            new("client", ColumnType.Category) { Addresses = AddressHandling.Hash, Nodes = true },
            new("note", ColumnType.Ignore),
            new("verdict", ColumnType.Label) { Nodes = true },
        ],
        Label = new DatasetLabel { Classes = ["good", "bad"] },
        Limits = limits ?? new(),
    };

    public static async Task<DatasetSpec> CreateAsync(TestRelay relay, string name, DatasetLimits? limits = null)
    {
        DatasetSpec spec = Spec(name, limits);
        using HttpResponseMessage created = await relay.Admin.PostAsJsonAsync(Routes.Datasets, spec, RelayApiJson.Default.DatasetSpec);
        created.EnsureSuccessStatusCode();
        return spec;
    }

    public static Task<UploadReport> AddAsync(HttpClient client, string name, params string[] lines) =>
        ReportAsync(PostAsync(client, Routes.SamplesOf(name), SampleBounds.NdjsonType, string.Join('\n', lines)));

    public static Task<UploadReport> LabelAsync(HttpClient client, string name, params (string Id, string Label)[] labels) =>
        ReportAsync(PostAsync(
            client, Routes.LabelsOf(name), SampleBounds.CsvType, "id,label\n" + string.Concat(labels.Select(l => $"{l.Id},{l.Label}\n"))));

    public static async Task<UploadReport> ReportAsync(Task<HttpResponseMessage> request)
    {
        using HttpResponseMessage response = await request;
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.UploadReport))!;
    }

    public static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string type, string text) =>
        PostAsync(client, path, type, Encoding.UTF8.GetBytes(text));

    public static async Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string type, byte[] content)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue(type) } },
        };

        // The relay may answer from the announced length alone and close; a client that already sends would see the close only.
        request.Headers.ExpectContinue = content.Length > SampleBounds.NodeBytes;
        return await client.SendAsync(request);
    }

    public static async Task<string> ExportAsync(HttpClient client, string name, string query = "")
    {
        using HttpResponseMessage response = await client.GetAsync(Routes.ExportOf(name, "csv") + query);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadAsStringAsync();
    }

    public static async Task<DatasetView> ViewAsync(TestRelay relay, string name) =>
        (await relay.Admin.GetFromJsonAsync(Routes.DatasetOf(name), RelayApiJson.Default.DatasetView))!;
}
