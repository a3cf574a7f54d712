using Relay.TestKit;
using Relay.Training.Recipes.Reputation;
using Relay.Training.Tests.Data;
using Shared.Contracts.Addresses;

namespace Relay.Training.Tests.Recipes.Reputation;

public sealed class ReputationListsTests : IDisposable
{
    private readonly CsvFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_TextWithCountsCommentsNetworksAndRanges_IsTaken()
    {
        ReputationLists lists = Read("""
            # a list
            1.2.3.4	5
            1.2.3.5
            5.6.0.0/20 ; SBL1
            7.7.7.1-7.7.7.9
            7.7.8.8/32   # one address
            2a02:6b8::7

            """);

        Assert.Equal(["1.2.3.4", "1.2.3.5", "7.7.8.8"], lists.Singles.Select(AddressText.Write));
        Assert.Equal([4096L, 9], lists.Ranges.Ranges.Select(r => r.Count));
        Assert.Equal(["2a02:6b8::7"], lists.V6);

        // A range counts once for each /24 that it touches.
        Assert.Equal(3 + 16 + 1, lists.Learned.Count);
    }

    [Theory]
    [InlineData("""{"list":["1.2.3.4","5.6.7.0/24","2a02::/32"],"type":"cidr"}""")]
    [InlineData("""{"prefixes":[{"ip_prefix":"1.2.3.4/32","region":"x"},{"ip_prefix":"5.6.7.0/24"}],"ipv6_prefixes":[{"ipv6_prefix":"2a02::/32"}]}""")]
    [InlineData("""{"prefixes":[{"ipv4Prefix":"1.2.3.4/32"},{"ipv4Prefix":"5.6.7.0/24"},{"ipv6Prefix":"2a02::/32"}]}""")]
    [InlineData(""" ["1.2.3.4","5.6.7.0/24","2a02::/32"] """)]
    public void Read_JsonOfCloudsAndWarningLists_IsTaken(string json)
    {
        ReputationLists lists = Read(json);

        Assert.Equal(["1.2.3.4"], lists.Singles.Select(AddressText.Write));
        Assert.Equal(256, lists.Ranges.Count);
        Assert.Contains(lists.Notes, note => note.Contains("1 ranges of IPv6 are left out", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_FaultyLinesOfSeveralFiles_AreNamedInOneAnswer()
    {
        string text = _folder.WriteText(
            "bad.txt",
            "1.2.3.4\n1.2.3.400\n01.2.3.4\n1.2.3.4/33\n1.2.3.4/24\n0.0.0.0/0\n9.9.9.9-9.9.9.1\n8.8.8.8 often\n8.8.8.8 -1\n");
        string json = _folder.WriteText("good.json", """{"list":["1.1.1.1", 7, "x"]}""");
        string broken = _folder.WriteText("broken.json", "{\n\"list\": [\n");

        TrainingException refused = Assert.Throws<TrainingException>(
            () => ReputationLists.Read(ReputationData.Sources(text) with { Allow = [json], Known = [("k", broken)] }));

        Assert.Equal(TrainingFault.InvalidData, refused.Fault);
        Assert.All(Enumerable.Range(2, 8), line => Assert.Contains($"bad.txt:{line}: ", refused.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("bad.txt:1:", refused.Message, StringComparison.Ordinal);
        Assert.Contains("good.json, list[1]: got '7'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("good.json, list[2]: got 'x'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("broken.json:", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Attack", "hostile-address-list")]
    public void Read_ManyFaultyLines_AreCountedAfterTheFirst()
    {
        string text = _folder.WriteText("bad.txt", string.Concat(Enumerable.Repeat("\u001b[2Jx\n", 5000)));

        TrainingException refused = Assert.Throws<TrainingException>(() => ReputationLists.Read(ReputationData.Sources(text)));

        Assert.Contains("and 4960 more", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', refused.Message);
        Assert.InRange(refused.Message.Length, 1000, 20_000);
    }

    [Fact]
    [Trait("Attack", "hostile-address-list")]
    public void Read_OddEntries_AreCountedAndTold()
    {
        ReputationLists lists = Read(
            "1.2.3.4 3\n1.2.3.4 3\n10.1.1.1 3\n127.0.0.0/8\n6.6.6.6 1\n6.6.0.0/16\n6.6.7.0/24\n6.6.6.7 3\n::ffff:1.2.3.4\n", minimumCount: 2);

        Assert.Equal(["1.2.3.4", "6.6.6.7"], lists.Singles.Select(AddressText.Write));
        Assert.Equal(65_536, lists.Ranges.Count);
        Assert.Contains(lists.Notes, n => n == "bad: 2 entries occur twice and count once");
        Assert.Contains(lists.Notes, n => n == "bad: 2 entries are private or reserved and left out");
        Assert.Contains(lists.Notes, n => n == "bad: 1 entries are named by too few blocklists and left out");
        Assert.Contains(lists.Notes, n => n == "bad: 257 addresses stand in two entries and count once in look-ups");
    }

    [Fact]
    [Trait("Attack", "hostile-address-list")]
    public void Read_AddressThatIsBadAndAllowed_IsAllowedAndTold()
    {
        string bad = _folder.WriteText("bad.txt", "1.2.3.4\n1.2.3.9\n5.6.0.0/16\n2a02:6b8::7\n2a02:6b8::8\n");
        string allow = _folder.WriteText("allow.txt", "1.2.3.0/29\n5.6.7.8\n2a02:6b8::8\n");

        ReputationLists lists = ReputationLists.Read(ReputationData.Sources(bad) with { Allow = [allow] });

        Assert.Equal(["1.2.3.9"], lists.Singles.Select(AddressText.Write));
        Assert.Equal(65_535, lists.Ranges.Count);
        Assert.Equal(["2a02:6b8::7"], lists.V6);
        Assert.Contains(lists.Notes, n => n == "3 addresses are bad and allowed: the allow list wins");
    }

    [Theory]
    [InlineData("2a02:6b8::/32")]
    [InlineData("2a02::/16\n2a02:6b8::/125")]
    [InlineData("2a02:6b8::7/128")]
    [Trait("Attack", "hostile-address-list")]
    public void Read_BadAddressInAnAllowedRangeOfIPv6_IsAllowedAndTold(string allowed)
    {
        string bad = _folder.WriteText("bad.txt", "2a02:6b8::7\n2a03:6b8::7\n");
        string allow = _folder.WriteText("allow.txt", allowed);

        ReputationLists lists = ReputationLists.Read(ReputationData.Sources(bad) with { Allow = [allow] });

        Assert.Equal(["2a03:6b8::7"], lists.V6);
        Assert.Contains(lists.Notes, n => n == "1 addresses are bad and allowed: the allow list wins");
        Assert.Equal(
            allowed.Contains("128", StringComparison.Ordinal),
            !lists.Notes.Any(n => n.Contains("ranges of IPv6 are not looked up: bad IPv6 addresses in them are left out", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("2a02:6b8::7/32", "2a02:6b8::/32: the address has bits behind its prefix")]
    [InlineData("::/0", "a prefix of 8 to 128 bits")]
    [InlineData("2000::/3", "a prefix of 8 to 128 bits")]
    [InlineData("2a02::/129", "a prefix of 8 to 128 bits")]
    public void Read_RangeOfIPv6ThatIsNone_IsRefused(string entry, string expected) => Assert.Contains(
        expected, Assert.Throws<TrainingException>(() => Read(entry)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("empty.txt", "", TrainingFault.TooFewRows)]
    [InlineData("none.json", "{}", TrainingFault.InvalidData)]
    [InlineData("few.txt", "1.2.3.4\n", TrainingFault.TooFewRows)]
    public void Write_ListThatNothingCanBeLearnedFrom_IsRefused(string name, string text, TrainingFault fault)
    {
        string path = _folder.WriteText(name, text);

        TrainingException refused = Assert.Throws<TrainingException>(() => ReputationRecipe.Write(
            ReputationData.Sources(path), path + ".train.gz", path + ".held.gz", TestContext.Current.CancellationToken));

        Assert.Equal(fault, refused.Fault);
        Assert.False(File.Exists(path + ".train.gz"));
    }

    private ReputationLists Read(string text, int minimumCount = 1) =>
        ReputationLists.Read(ReputationData.Sources(_folder.WriteText("bad.txt", text)) with { MinimumCount = minimumCount });
}
