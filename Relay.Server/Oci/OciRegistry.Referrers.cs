using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Server.Signing.Evidence;
using Shared.Contracts.Json;

namespace Relay.Server.Oci;

/// <summary>The manifests that refer to another.</summary>
internal sealed partial class OciRegistry
{
    private const int MaximumReferrers = 1000;

    // Also an empty page may have a next one.
    private const int MaximumPages = 100;

    /// <summary>The manifests that refer to a subject: by the referrers API, all pages of it, else by the tag that stands for it.</summary>
    /// <exception cref="InvalidDataException">They are too many.</exception>
    /// <exception cref="HttpRequestException">The registry fails: it must not seem to have no evidence, or a part of it.</exception>
    public async Task<IReadOnlyList<OciDescriptor>> ListReferrersAsync(OciDescriptor subject, CancellationToken cancellationToken)
    {
        List<OciDescriptor> referrers = [];
        Uri? page = new(http.BaseAddress!, $"{Root}/referrers/{subject.Digest}");
        for (int pages = 0; page is not null; pages++)
        {
            if (pages == MaximumPages)
            {
                throw new InvalidDataException($"The registry lists referrers in more than {MaximumPages} pages.");
            }

            Uri address = page;
            using HttpResponseMessage response = await SendAsync(() => new(HttpMethod.Get, address), cancellationToken);
            if (pages == 0 && response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest or HttpStatusCode.MethodNotAllowed)
            {
                byte[]? tagged = await FindManifestAsync(ReferrersTag(subject), cancellationToken);
                return tagged is null ? [] : [.. ReadIndex(tagged).Select(OciDescriptor.Read)];
            }

            Require(response, HttpStatusCode.OK, $"the referrers of {subject.Digest}");
            referrers.AddRange(ReadIndex(await OciContent.ReadAsync(response, ManifestBytes, cancellationToken)).Select(OciDescriptor.Read));
            RequireFew(referrers.Count);
            page = FindNextPage(response, address);
        }

        return referrers;
    }

    /// <summary>Adds referrers to the tag that stands for the referrers API, where a registry lacks that. The others that it lists stay.</summary>
    /// <param name="added">The descriptors with the type of artifact and annotations.</param>
    public async Task AddReferrersAsync(OciDescriptor subject, IReadOnlyList<JsonObject> added, CancellationToken cancellationToken)
    {
        byte[]? present = await FindManifestAsync(ReferrersTag(subject), cancellationToken);
        HashSet<string> digests = [.. added.Select(descriptor => (string)descriptor["digest"]!)];
        IEnumerable<JsonNode> kept = (present is null ? [] : ReadIndex(present))
            .Where(descriptor => !digests.Contains(descriptor.Text("digest")))
            .Select(descriptor => JsonObject.Create(descriptor)!);
        byte[] index = EvidenceJson.Write(new()
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ModelPack.IndexType,
            ["manifests"] = new JsonArray([.. kept, .. added]),
        });
        await PushManifestAsync(ReferrersTag(subject), index, ModelPack.IndexType, cancellationToken);
    }

    // The referrers tag schema of the distribution specification.
    private static string ReferrersTag(OciDescriptor subject) => subject.Digest.Replace(':', '-');

    private static JsonElement[] ReadIndex(byte[] index)
    {
        JsonElement root = StrictJson.Parse(index);
        JsonElement[] manifests = root.Optional("mediaType")?.Text() is null or ModelPack.IndexType ? [.. root.Member("manifests").Items()]
            : throw new InvalidDataException("The tag for referrers is not an index: another program uses it.");
        RequireFew(manifests.Length);
        return manifests;
    }

    private static void RequireFew(int referrers)
    {
        if (referrers > MaximumReferrers)
        {
            throw new InvalidDataException($"The registry lists {referrers} referrers, more than {MaximumReferrers}.");
        }
    }

    /// <summary>Where the list goes on; null at its end.</summary>
    private Uri? FindNextPage(HttpResponseMessage response, Uri page)
    {
        if (LinkHeader.FindNext(response.Headers) is not { } link)
        {
            return null;
        }

        // The request has the credentials of this registry.
        return Uri.TryCreate(page, link, out Uri? next) && next.Scheme == page.Scheme && next.Authority == page.Authority
            ? next
            : throw new HttpRequestException($"The registry continues its referrers at another place, '{link}', which gets no credentials.");
    }
}
