using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Relay.WebConsole.Components;
using Relay.WebConsole.Layout;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using Shared.Contracts.Models;

namespace Relay.WebConsole.Data;

/// <summary>How pages write what belongs to datasets.</summary>
internal static class DatasetText
{
    private const string NodePrefix = "node:";

    /// <summary>Sources with a part of their own in a bar.</summary>
    private const int MaximumParts = 7;

    private static readonly RelayApiJson Indented = new(new JsonSerializerOptions(RelayApiJson.Default.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = null,
    });

    /// <summary>A spec for people; pages escape it.</summary>
    public static string Json(DatasetSpec spec) => JsonSerializer.Serialize(spec, Indented.DatasetSpec);

    public static string Name(ColumnType type) => type.ToString().ToLowerInvariant();

    /// <summary>What becomes of IP addresses in a column.</summary>
    public static string Addresses(DatasetColumn column) => column switch
    {
        { Addresses: AddressHandling.Hash } => "replaced by a keyed hash",
        { Addresses: AddressHandling.Keep } => "kept as they are",
        { Type: ColumnType.Category or ColumnType.Ignore } => "refused",
        _ => "–",
    };

    /// <summary>The labels that a dataset takes.</summary>
    public static string Labels(DatasetSpec spec) => spec.Label switch
    {
        null => "none: it has no column of type label",
        { Number: true } => "finite numbers",
        { Classes: { } classes } => string.Join(", ", classes),
        _ => "",
    };

    public static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.##} %");

    /// <summary>Why a row was refused.</summary>
    public static string Describe(SampleFaultReason reason) => reason switch
    {
        SampleFaultReason.Unknown => "of a newer relay",
        SampleFaultReason.Malformed => "not in the form of the upload",
        SampleFaultReason.InvalidId => "no id, or one that is none",
        SampleFaultReason.UnknownColumn => "a column that the dataset does not have",
        SampleFaultReason.MissingValue => "a required column is empty",
        SampleFaultReason.InvalidValue => "a value is not of the type of its column",
        SampleFaultReason.InvalidLabel => "a label that the dataset does not take",
        SampleFaultReason.Address => "an IP address where none may be, or none where one must be",
        SampleFaultReason.NotConsented => "a column that nodes may not send",
        SampleFaultReason.IdTaken => "another row has the id",
        SampleFaultReason.Forgotten => "the row was forgotten",
        SampleFaultReason.NotOwner => "a label for the row of another node",
        SampleFaultReason.TooManyLabels => "a label that was changed too often",
        SampleFaultReason.NodeQuota => "more than a node may add in a day",
        SampleFaultReason.NodeShare => "the node holds as large a part as it may",
        SampleFaultReason.DatasetFull => "the dataset is full",
        _ => reason.ToString(),
    };

    /// <summary>The page of the node that is a source; null for another source.</summary>
    public static string? PathOf(DatasetSource source) =>
        source.Name.StartsWith(NodePrefix, StringComparison.Ordinal) ? ConsolePaths.Node(source.Name[NodePrefix.Length..]) : null;

    /// <summary>The rows of a dataset by their source.</summary>
    public static IReadOnlyList<SharePart> Parts(DatasetView dataset)
    {
        DatasetSource[] first = [.. dataset.Sources.Where(source => source.Rows > 0).Take(MaximumParts)];
        long rest = dataset.Rows - first.Sum(source => source.Rows);
        IEnumerable<SharePart> parts = first.Select(source => new SharePart(source.Name, source.Rows, PathOf(source)));
        return [.. parts, .. rest > 0 ? [new SharePart("others", rest)] : Array.Empty<SharePart>()];
    }
}
