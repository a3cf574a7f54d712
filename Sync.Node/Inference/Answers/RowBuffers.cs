using System.Buffers;

namespace Sync.Node.Inference.Answers;

/// <summary>The rows of one request in memory of the pool: numbers and categories, row after row.</summary>
internal sealed class RowBuffers : IDisposable
{
    private float[] _numbers = [];
    private string[] _categories = [];
    private int _numberCount;
    private int _categoryCount;

    public int Rows { get; private set; }

    public Span<float> Numbers => _numbers.AsSpan(0, _numberCount);

    public Span<string> Categories => _categories.AsSpan(0, _categoryCount);

    /// <summary>Makes room for rows; what was there before is lost.</summary>
    public void Rent(int rows, int numbers, int categories)
    {
        Dispose();
        (Rows, _numberCount, _categoryCount) = (rows, checked(rows * numbers), checked(rows * categories));
        _numbers = _numberCount > 0 ? ArrayPool<float>.Shared.Rent(_numberCount) : [];
        _categories = _categoryCount > 0 ? ArrayPool<string>.Shared.Rent(_categoryCount) : [];
    }

    public void Dispose()
    {
        if (_numbers.Length > 0)
        {
            ArrayPool<float>.Shared.Return(_numbers);
        }

        if (_categories.Length > 0)
        {
            ArrayPool<string>.Shared.Return(_categories, clearArray: true);
        }

        (_numbers, _categories, _numberCount, _categoryCount) = ([], [], 0, 0);
    }
}
