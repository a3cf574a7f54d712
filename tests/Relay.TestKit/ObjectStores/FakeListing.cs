using System.Xml.Linq;

namespace Relay.TestKit.ObjectStores;

/// <summary>A page of a list of objects, as S3 writes it.</summary>
internal static class FakeListing
{
    private const int MaximumKeys = 7;
    private static readonly XNamespace S3 = "http://s3.amazonaws.com/doc/2006-03-01/";

    /// <param name="after">The last key of the page before.</param>
    public static string Write(string bucket, IEnumerable<KeyValuePair<string, FakeObject>> objects, string after)
    {
        KeyValuePair<string, FakeObject>[] listed =
            [.. objects.Where(one => string.CompareOrdinal(one.Key, after) > 0).OrderBy(one => one.Key, StringComparer.Ordinal)];
        bool isCut = listed.Length > MaximumKeys;
        listed = [.. listed.Take(MaximumKeys)];
        return new XElement(
            S3 + "ListBucketResult", new XElement(S3 + "Name", bucket), new XElement(S3 + "IsTruncated", isCut),
            isCut ? new XElement(S3 + "NextContinuationToken", listed[^1].Key) : null,
            listed.Select(one => new XElement(
                S3 + "Contents", new XElement(S3 + "Key", one.Key), new XElement(S3 + "Size", one.Value.Content.Length),
                new XElement(S3 + "ETag", one.Value.EntityTag)))).ToString();
    }
}
