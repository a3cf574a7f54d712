namespace Shared.Scoring.Graph;

/// <summary>The memory of one call: the rows of the caller, and working memory block after block, each block row after row.</summary>
/// <param name="numbers">Row after row.</param>
/// <param name="categories">Row after row.</param>
/// <param name="work">Memory for all blocks of a plan times <paramref name="count"/>.</param>
internal readonly ref struct Rows(
    int count, ReadOnlySpan<float> numbers, int numberWidth, ReadOnlySpan<string> categories, int categoryWidth,
    ReadOnlySpan<float> constants, Span<float> work)
{
    private readonly ReadOnlySpan<float> _numbers = numbers;
    private readonly ReadOnlySpan<string> _categories = categories;
    private readonly ReadOnlySpan<float> _constants = constants;
    private readonly Span<float> _work = work;

    public int Count => count;

    public ReadOnlySpan<float> Read(Block block, int row) => block.Origin switch
    {
        BlockOrigin.Work => Write(block, row),
        BlockOrigin.Numbers => _numbers.Slice(row * numberWidth + block.Offset, block.Width),
        _ => _constants.Slice(block.Offset, block.Width),
    };

    /// <param name="block">A block in working memory.</param>
    public Span<float> Write(Block block, int row) => _work.Slice(block.Offset * count + row * block.Width, block.Width);

    /// <summary>All rows of a block in working memory.</summary>
    public Span<float> WriteAll(Block block) => _work.Slice(block.Offset * count, block.Width * count);

    /// <summary>All rows of a block; empty where they are not contiguous.</summary>
    public ReadOnlySpan<float> ReadAll(Block block) => block.Origin switch
    {
        BlockOrigin.Work => WriteAll(block),
        BlockOrigin.Numbers when block.Width == numberWidth => _numbers,
        _ => [],
    };

    public string Category(int column, int row) => _categories[row * categoryWidth + column];
}
