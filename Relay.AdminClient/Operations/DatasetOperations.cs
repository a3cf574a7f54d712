using Relay.AdminClient.Transport;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Relay.AdminClient.Operations;

/// <summary>Samples and labels of nodes and people.</summary>
public sealed class DatasetOperations
{
    private readonly RelayTransport _transport;

    internal DatasetOperations(RelayTransport transport) => _transport = transport;

    /// <summary>Lists datasets by name.</summary>
    [RelayOperation("GET", "/v1/datasets")]
    public IAsyncEnumerable<DatasetView> ListAsync(DatasetQuery? query = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(
            query is null ? Routes.Datasets : query.ToPath(Routes.Datasets), RelayApiJson.Default.PageDatasetView, cancellationToken);

    /// <summary>Reads a dataset.</summary>
    [RelayOperation("GET", "/v1/datasets/{name}")]
    public Task<DatasetView> FindAsync(string name, CancellationToken cancellationToken = default) =>
        _transport.GetAsync(Routes.DatasetOf(name), RelayApiJson.Default.DatasetView, cancellationToken);

    /// <summary>Creates a dataset.</summary>
    [RelayOperation("POST", "/v1/datasets")]
    public Task<DatasetView> CreateAsync(DatasetSpec spec, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post, Routes.Datasets, spec, RelayApiJson.Default.DatasetSpec, RelayApiJson.Default.DatasetView, cancellationToken);

    /// <summary>Replaces the specification of a dataset.</summary>
    [RelayOperation("PUT", "/v1/datasets/{name}")]
    public Task<DatasetView> PutAsync(string name, DatasetSpec spec, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Put, Routes.DatasetOf(name), spec, RelayApiJson.Default.DatasetSpec, RelayApiJson.Default.DatasetView, cancellationToken);

    /// <summary>Deletes a dataset with all rows.</summary>
    [RelayOperation("DELETE", "/v1/datasets/{name}")]
    public Task DeleteAsync(string name, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Routes.DatasetOf(name), cancellationToken);

    /// <summary>Removes samples and labels by their ids, for privacy.</summary>
    [RelayOperation("POST", "/v1/datasets/{name}/forget")]
    public Task<ForgetReport> ForgetAsync(string name, ForgetRequest request, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post, Routes.ForgetOf(name), request, RelayApiJson.Default.ForgetRequest, RelayApiJson.Default.ForgetReport,
            cancellationToken);

    /// <summary>Sends samples as NDJSON, CSV or Parquet, by their media type, and closes the stream.</summary>
    [RelayOperation("POST", "/v1/datasets/{name}/samples")]
    public Task<UploadReport> UploadSamplesAsync(string name, Stream rows, string mediaType, CancellationToken cancellationToken = default) =>
        _transport.SendStreamAsync(Routes.SamplesOf(name), rows, mediaType, RelayApiJson.Default.UploadReport, cancellationToken);

    /// <summary>Sends labels as NDJSON, CSV or Parquet, by their media type, and closes the stream.</summary>
    [RelayOperation("POST", "/v1/datasets/{name}/labels")]
    public Task<UploadReport> UploadLabelsAsync(string name, Stream rows, string mediaType, CancellationToken cancellationToken = default) =>
        _transport.SendStreamAsync(Routes.LabelsOf(name), rows, mediaType, RelayApiJson.Default.UploadReport, cancellationToken);

    /// <summary>Downloads the samples of a dataset: csv, ndjson or parquet.</summary>
    [RelayOperation("GET", "/v1/datasets/{name}/export")]
    public Task ExportAsync(string name, string format, Stream destination, CancellationToken cancellationToken = default) =>
        _transport.DownloadAsync(Routes.ExportOf(name, format), destination, cancellationToken);
}
